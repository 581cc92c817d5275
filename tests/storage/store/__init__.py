"""The Store on both databases."""
