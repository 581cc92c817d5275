"""Running a case. The only room that opens SpiffWorkflow."""
