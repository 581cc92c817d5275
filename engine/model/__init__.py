"""The nouns: plain typed dataclasses that carry ids."""
