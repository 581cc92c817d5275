"""Forms drawn, shown and filled in."""
