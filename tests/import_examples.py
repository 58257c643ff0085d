"""A program for the sandbox: imports programs, whose paths are its arguments, and prints a line of
JSON for each.

In:  paths. Out: what each wrote when it was imported, the exception that it raised (or null), and
     how many threads it left running.

What is compiled is the file's text. The import system would take a `.pyc` that lies beside it, and
could be shown another program.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import threading
import types
from pathlib import Path

TELL = sys.stdout
before = threading.active_count()
for place, path in enumerate(sys.argv[1:]):
    module = types.ModuleType(f"example_{place}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses look there
    printed, raised = io.StringIO(), None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            exec(
                compile(Path(path).read_text(encoding="utf-8"), path, "exec", dont_inherit=True),
                module.__dict__,
            )
        except Exception as problem:
            raised = f"{type(problem).__name__}: {problem}"
    print(
        json.dumps([path, printed.getvalue(), raised, threading.active_count() - before]), file=TELL
    )
