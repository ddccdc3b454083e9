"""The HTTP door: a file a resource. Reads ask the graph; writes publish events and answer 202."""
