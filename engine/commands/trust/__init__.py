"""The verbs on the organisation: people, schools, calendars, settings."""
