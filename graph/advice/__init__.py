"""Advice beside matching: who a requirement excludes, equivalents of imports, consortia, classes, suppliers to invite."""
