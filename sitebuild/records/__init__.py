"""Runs examples and keeps what they did. Imports `checks`, `content` and loopscope."""
