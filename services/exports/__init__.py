"""Records of the graph as documents of other standards."""
