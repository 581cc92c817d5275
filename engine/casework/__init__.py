"""How a command runs a case on, from one rest to the next."""
