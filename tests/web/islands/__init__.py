"""The browser's part."""
