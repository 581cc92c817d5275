"""What the trust's work is and how it moves: no web framework, no database, no clock."""
