"""The demonstration: invented suppliers, offers and demands of a made-up autumn of 2026."""
