"""Faults of one kind of element each, called by the checks of the drawing and of its steps."""
