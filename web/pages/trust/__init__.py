"""The pages of the trust: people, schools, calendars, roles."""
