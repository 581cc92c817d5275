"""FEEL and decision tables."""
