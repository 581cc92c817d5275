"""Cases run on, with what they say carried out."""
