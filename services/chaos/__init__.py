"""Faults on purpose: the embedded stack under load, broken in every way we know, and an oracle that counts the loss."""
