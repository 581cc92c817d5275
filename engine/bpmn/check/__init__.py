"""Everything that is wrong with a procedure, before it is published."""
