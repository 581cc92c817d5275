"""Diagrams as values."""
