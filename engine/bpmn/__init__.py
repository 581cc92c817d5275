"""The only place that knows BPMN, FEEL and SpiffWorkflow: values in, values out."""
