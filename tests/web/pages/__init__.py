"""The pages, tried through HTTP."""
