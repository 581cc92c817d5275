"""Reading for the pages of tasks."""
