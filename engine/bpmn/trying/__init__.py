"""Trying a procedure before it is published: every rule, cell, deadline and text with sample answers and with none."""
