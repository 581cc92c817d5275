"""Rules that people write: FEEL and decision tables. The only room that opens V8."""
