"""Checks outputs of examples and the built site."""
