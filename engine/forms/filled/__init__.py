"""A form as a person filled it in."""
