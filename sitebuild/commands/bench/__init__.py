"""`make bench`: measures the performance that the project promises.

It may import all of `commands`.
"""
