"""Processes: servers, ticks, mail."""
