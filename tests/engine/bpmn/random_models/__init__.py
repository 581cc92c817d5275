"""Random models, run beside a second reading of BPMN."""
