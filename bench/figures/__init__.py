"""What is measured: one figure a file."""
