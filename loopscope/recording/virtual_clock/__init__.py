"""The virtual clock, and all that follows it: loops, dates, and functions that block.

Of the recorder it imports `suspension` alone.
"""
