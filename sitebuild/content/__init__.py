"""Reads what people write: examples, pages, and the items of the five articles."""
