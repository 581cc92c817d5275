"""kill -9 in a loop: what was acknowledged is there, and nothing happens twice."""
