"""Who may come in: accounts, links, sessions, and the counters against guessing."""
