"""Tests of trying a procedure with sample answers."""
