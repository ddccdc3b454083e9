"""News beside matches, found in the graph: gaps worth closing, deadlines, award results.

(:Told {id}) remembers what was told, and is kept over a rebuild: a replay finds the same news and tells it to nobody.
"""
