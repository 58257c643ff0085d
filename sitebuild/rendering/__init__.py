"""Makes HTML of examples, their records and pages. Imports `records`, `checks`, `content` and
loopscope.
"""
