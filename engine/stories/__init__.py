"""Stories: what a procedure's author says will happen, tried."""
