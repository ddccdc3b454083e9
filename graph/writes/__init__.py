"""Idempotent writes, a file a kind of subject. Each takes the changes of a slice and says what it touched."""
