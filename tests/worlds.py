"""The seeded worlds, which chaos runs share with the tests."""

from services.chaos.world import TODAY, World, shaken

__all__ = ["TODAY", "World", "shaken"]
