"""Tests of how the nouns are kept, on both databases."""
