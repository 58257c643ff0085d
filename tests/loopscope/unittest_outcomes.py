"""Runs the unittest tests of one module and writes down how each ended. Runs on any Python,
recorded or not.

In:  a module's name and a file. Out: in the file, JSON: a test's id -> "passed", "skipped",
     "failed: AssertionError" …
"""

from __future__ import annotations

import json
import sys
import unittest
from typing import Any


class Outcomes(unittest.TestResult):
    """Collects one word a test; the first thing that goes wrong counts."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, str] = {}

    def startTest(self, test: Any) -> None:  # noqa: N802
        super().startTest(test)
        self.outcomes.setdefault(test.id(), "passed")

    def _ended(self, test: Any, outcome: str) -> None:
        if self.outcomes.get(test.id(), "passed") == "passed":
            self.outcomes[test.id()] = outcome

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        self._ended(test, "skipped")

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        self._ended(test, f"failed: {err[0].__name__}")

    addError = addFailure  # noqa: N815

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        if err is not None:
            self._ended(test, f"failed: {err[0].__name__}")

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        self._ended(test, "failed as expected")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        self._ended(test, "passed unexpectedly")


def main(module: str, file: str) -> None:
    """Run a module's tests; `file` is complete or not there at all."""
    result = Outcomes()
    try:
        unittest.defaultTestLoader.loadTestsFromName(module).run(result)
    except unittest.SkipTest:  # it is for another system
        result.outcomes[f"{module}.*"] = "skipped"
    with open(file, "w", encoding="utf-8") as out:
        json.dump(result.outcomes, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
