"""Tests of the only room that knows BPMN and FEEL."""
