"""Commands on a real database of either kind."""
