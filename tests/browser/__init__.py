"""Headway in a real Chromium: its pages, its keyboard, and both procedures from signal to every end."""
