"""Files from outside, read safely into plain values."""
