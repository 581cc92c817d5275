"""Accounts, links and sessions."""
