"""The search, which runs in the browser: the scripts that it loads.

`search.js` comes with every page and loads the others once a reader opens the search.

`minisearch.js` is MiniSearch 7.2.0 by Luca Ongaro, the file `dist/es/index.js` of the package
`minisearch`, unchanged. It is under the MIT license, in `minisearch-license.txt`. Pages get it
without its comments and indentation.
"""

from __future__ import annotations

import re
from pathlib import Path

from loopscope.views import es_modules

_FOLDER = Path(__file__).parent
_NOTICE = "/*! MiniSearch 7.2.0, MIT license: minisearch-license.txt */\n"
# A comment on lines of its own, or indentation.
_LAYOUT = re.compile(r"(?ms)^[ \t]*(?:(?:/\*.*?\*/|//[^\n]*)[ \t]*\n)?")


def assets() -> dict[str, str]:
    """Return the text of the files that a browser loads, by their path on the site."""
    return {
        "assets/search.js": es_modules.join(_FOLDER / "search.js"),
        "assets/search-engine.js": es_modules.join(_FOLDER / "search-engine.js"),
        "assets/minisearch.js": _NOTICE + _LAYOUT.sub("", _read("minisearch.js")),
        "assets/minisearch-license.txt": _read("minisearch-license.txt"),
    }


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
