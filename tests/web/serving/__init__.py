"""Servers, ticks and mail."""
