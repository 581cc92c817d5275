"""The queries on both databases."""
