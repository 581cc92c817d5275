"""A form as a page shows it."""
