"""How to draw: each element with a small sample, its picture and what it does."""
