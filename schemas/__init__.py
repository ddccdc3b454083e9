"""The contract: events, topics, codec, errors and settings. Imports nothing else of Peyvand."""
