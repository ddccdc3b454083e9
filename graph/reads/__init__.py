"""Bounded reads of the graph, a file a subject."""
