"""Stories told."""
