"""What the graph keeps for the doors: keys, the log of who did what, answers to repeat, versions that are being edited."""
