"""Builds the site of Awaited from pages and examples.

A build runs the examples that have changed and stores their records, checks each record against
the expected output, renders examples where pages call `show`, has MkDocs build the pages, and
checks the built site before it replaces the old one.
"""

from .rendering.show import show

__all__ = ["show"]
