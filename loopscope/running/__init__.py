"""Runs a program in a process of its own, under limits, and gathers what its recording sends. Imports `recording` and `trace`."""
