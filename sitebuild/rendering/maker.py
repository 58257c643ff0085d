"""Makes what pages show of examples, each thing once, or finds it as it was made before.

In:  the examples, and what the cache has of their runs. Out: what is wrong with each run, and HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ..checks.output import check_output
from ..checks.page_facts import PageFacts
from ..checks.page_parser import parse_page
from ..content import layout
from ..content.examples import Example, ExampleError
from ..content.files import ProjectError, read_text
from ..content.pages import Page
from ..content.show_calls import ShowCall
from ..problem import Problem
from ..project import Project, is_draft
from ..records import cache, pythons, runner, verified
from .kept import Kept, digest
from .panel import Run, panel_of
from .templating import render


class Shown(NamedTuple):
    """A panel on a page."""

    call: ShowCall
    html: str
    facts: PageFacts  # what a checker wants to know of it


class Maker:
    """What one build makes of examples. The files are taken to be as they are when it begins.

    Args:
        project: What is built.
        every: Its examples, none of which is stale.
        pages: Its pages.
    """

    def __init__(self, project: Project, every: dict[str, Example], pages: list[Page]) -> None:
        self.project, self.every, self.pages = project, every, pages
        self.kept = Kept(project)
        self.verified = verified.load(project)
        self._outputs: dict[tuple[Path, str], list[Path]] = {}
        for path in layout.example_files(project):
            if path.suffix == ".out":
                stem = path.name.partition(".")[0]
                self._outputs.setdefault((path.parent, stem), []).append(path)
        self._made_of: dict[Example, str] = {}
        self._headers: dict[Example, cache.Header | None] = {}
        self._problems: dict[Example, Problem | None] = {}
        self._panels: dict[tuple[Example, str], Shown] = {}
        self._ran_on: dict[Example, list[str]] = {}
        self._run: Run | None = None

    def adopt(self, other: Maker, changed: set[str]) -> None:
        """Take over what another knows, but for examples that have changed, by name."""
        for name in ("_made_of", "_headers", "_problems", "_ran_on"):
            known = {
                example: value
                for example, value in getattr(other, name).items()
                if example.name not in changed
            }
            setattr(self, name, known)
        self._panels = {
            asked: shown for asked, shown in other._panels.items() if asked[0].name not in changed
        }

    def knows(self, example: Example) -> bool:
        """Whether something was made of an example, as it is."""
        return example in self._made_of

    def made_of(self, example: Example) -> str:
        """Return a digest of all of an example that can change what is made of it."""
        if example not in self._made_of:
            self._made_of[example] = self._look(example)
        return self._made_of[example]

    def header(self, example: Example) -> cache.Header | None:
        """Return the header of an example's record; None if no Python here can run it."""
        if example not in self._headers:
            self._headers[example] = cache.load_header(example, self.project)
        return self._headers[example]

    def _look(self, example: Example) -> str:
        header = self.header(example)
        return digest(
            [
                example.file,
                example.source,
                example.pinned,
                [header.key, header.digest] if header else None,
                # where it cannot be run here, what is shown was recorded on one of these
                None if header else verified.pythons(example, self.verified),
                {path.name: self._text(path) for path in self.outputs(example)},
            ]
        )

    def outputs(self, example: Example) -> list[Path]:
        """The files that say what it prints, in order of their names."""
        return self._outputs.get((example.path.parent, example.path.stem), [])

    def _text(self, path: Path) -> str | None:
        """Of an output; None where it cannot be read, which is for a check to say."""
        try:
            return read_text(self.project, path)
        except ProjectError:
            return None

    def make(self, kind: str, example: Example, more: object, make: Callable[[], Any]) -> Any:
        """Return a thing that is made of an example, and of more.

        Args:
            kind: What it is.
            example: Of what it is made.
            more: All else that can change it, as plain data.
            make: Makes it, as plain data.
        """
        made_of = self.made_of(example)
        return self.kept.get(kind, [made_of, more], make, lambda: made_of == self._look(example))

    def run(self, example: Example) -> Run:
        """Return an example with what it did; that of one is kept, until another is asked for."""
        if self._run is None or self._run.example != example:
            trace = runner.get_or_run(example, self.project)
            self._run = Run(example, trace, self.project)
        return self._run

    def ran_on(self, example: Example) -> list[str]:
        """The Pythons on which an example was run as it is."""
        if example not in self._ran_on:
            header, problem = self.header(example), self.problem(example)
            # this build is a run too
            ran = header.python if header is not None and problem is None else None
            self._ran_on[example] = verified.pythons(example, self.verified, ran)
        return self._ran_on[example]

    def problem(self, example: Example) -> Problem | None:
        """What is wrong with what an example did, if anything."""
        if example not in self._problems:
            found = None
            if self.header(example) is not None:
                found = self.make("check", example, None, lambda: self._check(example))
            self._problems[example] = None if found is None else Problem(*found)
        return self._problems[example]

    def _check(self, example: Example) -> list[str] | None:
        trace = runner.get_or_run(example, self.project)
        problem = None if trace is None else check_output(example, trace, self.project)
        return None if problem is None else [problem.file, problem.cause, problem.detail]

    def panel(self, call: ShowCall) -> Shown:
        """Return the panel of an example on a page.

        Raises:
            ExampleError: It has no such part, line or step, or it is not in order.
        """
        example, options = self.variant(call), call.options
        asked = example, str(options)
        if asked not in self._panels:
            problem = self.problem(example)
            if problem is not None and not is_draft():
                raise ExampleError(str(problem))

            def make() -> dict[str, Any]:
                html = panel_of(self.run(example), options, problem, link=True)
                return {"html": html, "facts": parse_page(html).to_plain()}

            made = self.make("panel", example, [str(options), problem and problem.cause], make)
            self._panels[asked] = Shown(call, made["html"], PageFacts.from_plain(made["facts"]))
        return self._panels[asked]._replace(call=call)

    def variant(self, call: ShowCall) -> Example:
        """The example of a call, as it runs on the Python that the call asks for."""
        example = self.every[call.name]
        return example if call.options.python is None else pythons.pin(example, call.options.python)

    def panels(self, page: Page) -> tuple[list[Shown], list[Problem]]:
        """Return the panels of a page, in order, and what is wrong with its calls."""
        made: list[Shown] = []
        wrong = []
        for call in page.calls:
            try:
                made.append(self.panel(call))
            except ExampleError as problem:
                if is_draft():
                    html = render("failed.html.jinja", cause=str(problem))
                    made.append(Shown(call, html, parse_page(html)))
                else:
                    file = self.project.relative(page.path)
                    wrong.append(Problem(file, f"line {call.line}: {problem}"))
        return made, wrong
