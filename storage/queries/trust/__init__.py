"""Reading for the pages of the trust."""
