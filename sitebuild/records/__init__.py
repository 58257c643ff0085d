"""Runs examples, and stores the records of their runs."""
