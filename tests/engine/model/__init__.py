"""The nouns, tried alone."""
