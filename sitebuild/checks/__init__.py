"""Holds outputs and built pages against what they must be. Imports `content`."""
