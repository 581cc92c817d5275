"""Carrying out what a diagram says: one word a file, under the name it is declared by."""
