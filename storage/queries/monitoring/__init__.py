"""Reading for monitoring."""
