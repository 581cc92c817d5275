"""Faults of one kind of element each."""
