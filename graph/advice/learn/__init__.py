"""Learning from past demands: which codes a text has, and whom similar demands went to."""
