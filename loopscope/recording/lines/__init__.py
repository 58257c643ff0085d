"""Records which lines of the program's file run, and what its variables hold there.

Imports `trace`, `values` and the recorder.
"""
