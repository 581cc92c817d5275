"""The tests mirror the packages they prove."""
