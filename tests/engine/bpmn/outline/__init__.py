"""Procedures as sentences."""
