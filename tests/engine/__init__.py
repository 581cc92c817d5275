"""Tests of what the trust's work is and how it moves."""
