"""Database and files together in one archive, and back."""
