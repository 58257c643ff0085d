"""Renders examples, their recorded runs and their pages as HTML.

It may import `records`, `checks`, `content` and loopscope.
"""
