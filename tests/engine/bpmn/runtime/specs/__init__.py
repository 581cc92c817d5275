"""Single kinds of steps and events, run."""
