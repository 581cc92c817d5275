"""Cases run on."""
