"""Measuring the service against a gold set: loaded through the real pipeline, compared with its judgments."""
