"""A procedure as an ordered list of sentences."""
