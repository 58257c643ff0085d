"""Reads what people wrote: examples, pages, the articles' items. Imports `project`."""
