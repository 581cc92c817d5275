"""What a diagram says, as values."""
