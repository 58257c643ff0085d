"""Turns pages and examples into the site: find all, run all, show one on a page, finish the built
site.

examples ─► records (run, cached) ─► check_output (against .out) ─► show (on a page) ─► MkDocs ─►
finish
"""

from .rendering.show import show

__all__ = ["show"]
