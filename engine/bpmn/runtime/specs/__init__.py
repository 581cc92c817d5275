"""SpiffWorkflow's own steps, gateways and events, each taught that tokens carry no history, no future and no data."""
