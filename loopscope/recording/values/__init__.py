"""Describes the values of the program's variables without running a line of its code.

Imports what reads asyncio's own objects: `compat`, `handles` and `interrupts`.
"""
