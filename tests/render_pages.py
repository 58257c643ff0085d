"""A program: renders each page of the MkDocs project in the current folder, whatever the others do.

Out: a line of JSON, each page with "shown", or with the error that it ends with.
"""

from __future__ import annotations

import json
import logging

from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from mkdocs.structure.pages import Page

logging.disable(logging.CRITICAL)
config = load_config("mkdocs.yml")
config = config.plugins.on_config(config)
files, results = get_files(config), {}
for file in files.documentation_pages():
    page = Page(None, file, config)
    try:
        page.read_source(config)
        page.render(config, files)
        results[file.src_uri] = "shown"
    except BaseException as problem:
        results[file.src_uri] = f"{type(problem).__name__}: {problem}"
print(json.dumps(results))
