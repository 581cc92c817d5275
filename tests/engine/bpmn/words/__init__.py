"""What a diagram may ask."""
