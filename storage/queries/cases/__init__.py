"""Reading for the pages of cases."""
