"""A form as a designer drew it."""
