"""The verbs on cases and their tasks."""
