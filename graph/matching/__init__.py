"""The pure matching library: texts and fields become facts, facts become verdicts. No database, no network."""
