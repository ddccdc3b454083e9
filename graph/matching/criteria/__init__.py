"""One file for each kind of criterion: facts of a pair in, findings out. Nothing here reads a text."""
