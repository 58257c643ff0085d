"""Checks the runs of examples and renders their panels, each only once.

What an earlier build made is taken from the cache (`render_cache`) if nothing has changed that it
was made from.
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
from ..content.show_options import ShowOptions
from ..problem import Problem
from ..project import Project, is_draft
from ..records import cache, pythons, runner, verified
from .markdown_panel import markdown_panel
from .panel import panel_of
from .render_cache import RenderCache, digest
from .run_pictures import Run
from .templating import render


class RenderedCall(NamedTuple):
    """A panel on a page.

    Attributes:
        call: The call of `show` that it is for.
        html: The panel.
        facts: What the checks need to know of it.
        markdown: The panel as Markdown.
    """

    call: ShowCall
    html: str
    facts: PageFacts
    markdown: str = ""


class Maker:
    """Makes everything that one build needs of its examples.

    It assumes that no file changes while the build runs.

    Args:
        project: The project that is built.
        every: All its examples, by name; none is stale.
        pages: All its pages.
    """

    def __init__(self, project: Project, every: dict[str, Example], pages: list[Page]) -> None:
        self.project, self.every, self.pages = project, every, pages
        self.cache = RenderCache(project)
        self.verified = verified.load(project)
        self._outputs: dict[tuple[Path, str], list[Path]] = {}
        for path in layout.example_files(project):
            if path.suffix == ".out":
                stem = path.name.partition(".")[0]
                self._outputs.setdefault((path.parent, stem), []).append(path)
        self._made_of: dict[Example, str] = {}
        self._headers: dict[Example, cache.Header | None] = {}
        self._problems: dict[Example, Problem | None] = {}
        self._panels: dict[tuple[Example, tuple[str, ...]], RenderedCall] = {}
        self._ran_on: dict[Example, list[str]] = {}
        self._run: Run | None = None

    def adopt(self, other: Maker, changed: set[str]) -> None:
        """Take over the results of another maker.

        Args:
            other: The maker of the build before.
            changed: Names of the examples that have changed since; theirs are not taken over.
        """
        for name in ("_made_of", "_headers", "_problems", "_ran_on"):
            known = {
                example: value
                for example, value in getattr(other, name).items()
                if example.name not in changed
            }
            setattr(self, name, known)
        self._panels = {
            key: shown for key, shown in other._panels.items() if key[0].name not in changed
        }

    def knows(self, example: Example) -> bool:
        """Return whether something was made from this version of an example."""
        return example in self._made_of

    def made_of(self, example: Example) -> str:
        """Return a digest of everything in an example that can change what is made from it."""
        if example not in self._made_of:
            self._made_of[example] = self._digest_inputs(example)
        return self._made_of[example]

    def header(self, example: Example) -> cache.Header | None:
        """Return the header of an example's record, or None if no Python here can run it."""
        if example not in self._headers:
            self._headers[example] = cache.load_header(example, self.project)
        return self._headers[example]

    def _digest_inputs(self, example: Example) -> str:
        """Return a digest of an example, its record and its outputs, as the files are now."""
        header = self.header(example)
        return digest(
            [
                example.file,
                example.source,
                example.pinned,
                [header.key, header.digest] if header else None,
                # An example that cannot run here is shown as recorded on one of these.
                None if header else verified.pythons(example, self.verified),
                {path.name: self._text(path) for path in self.outputs(example)},
            ]
        )

    def outputs(self, example: Example) -> list[Path]:
        """Return an example's `.out` files, sorted by name."""
        return self._outputs.get((example.path.parent, example.path.stem), [])

    def _text(self, path: Path) -> str | None:
        """Return the text of an output, or None if it cannot be read; a check reports that."""
        try:
            return read_text(self.project, path)
        except ProjectError:
            return None

    def make(self, kind: str, example: Example, more: object, make: Callable[[], Any]) -> Any:
        """Return a thing that is made from an example, from the cache if it is there.

        Args:
            kind: The kind of thing.
            example: The example that it is made from.
            more: All its other inputs, as plain data.
            make: Makes it, as plain data.
        """
        made_of = self.made_of(example)
        return self.cache.get(
            kind, [made_of, more], make, lambda: made_of == self._digest_inputs(example)
        )

    def run(self, example: Example) -> Run:
        """Return the run of an example. Only the latest is cached, as traces are large."""
        if self._run is None or self._run.example != example:
            trace = runner.get_or_run(example, self.project)
            self._run = Run(example, trace, self.project)
        return self._run

    def ran_on(self, example: Example) -> list[str]:
        """Return the Pythons on which this version of an example was run."""
        if example not in self._ran_on:
            header, problem = self.header(example), self.problem(example)
            # The run that this build shows counts too.
            ran = header.python if header is not None and problem is None else None
            self._ran_on[example] = verified.pythons(example, self.verified, ran)
        return self._ran_on[example]

    def problem(self, example: Example) -> Problem | None:
        """Return how an example's run differs from what is expected of it, if it does."""
        if example not in self._problems:
            fields = None
            if self.header(example) is not None:
                fields = self.make("check", example, None, lambda: self._check(example))
            self._problems[example] = None if fields is None else Problem(*fields)
        return self._problems[example]

    def _check(self, example: Example) -> list[str] | None:
        """Check an example's run; return the fields of the problem, if there is one."""
        trace = runner.get_or_run(example, self.project)
        problem = None if trace is None else check_output(example, trace, self.project)
        return None if problem is None else [problem.file, problem.cause, problem.detail]

    def panel(self, call: ShowCall) -> RenderedCall:
        """Return the panel that a call shows.

        Raises:
            ExampleError: The example lacks the part, line or step that the call names, or has a
                problem and this is no draft.
        """
        example, options = self.variant(call), call.options
        made_of = self.options_made_of(call)
        key = example, tuple(made_of)
        if key not in self._panels:
            problem = self.problem(example)
            if problem is not None and not is_draft():
                raise ExampleError(str(problem))

            def make() -> dict[str, Any]:
                earlier = self._compared(options)
                run = self.run(example)
                html = panel_of(run, options, problem, earlier, link=True)
                return {
                    "html": html,
                    "facts": parse_page(html).to_plain(),
                    "markdown": markdown_panel(run, options, earlier, link=True),
                }

            made = self.make("panel", example, [made_of, problem and problem.cause], make)
            self._panels[key] = RenderedCall(
                call, made["html"], PageFacts.from_plain(made["facts"]), made["markdown"]
            )
        return self._panels[key]._replace(call=call)

    def options_made_of(self, call: ShowCall) -> list[str]:
        """Return everything that the options of a call add to what its panel is made from."""
        name = call.options.compared_with
        if name is None:
            return [str(call.options)]
        other = self.every[name]
        # The title is taken out before sources are compared.
        compared = [other.title, other.source]
        return [
            str(call.options),
            *compared,
            *([self.made_of(other)] if call.options.beside else []),
        ]

    def _compared(self, options: ShowOptions) -> Run | None:
        """Return the run of the example that a call compares with; its record if that is shown."""
        if options.compared_with is None:
            return None
        other = self.every[options.compared_with]
        trace = None if options.beside is None else runner.get_or_run(other, self.project)
        return Run(other, trace, self.project)

    def variant(self, call: ShowCall) -> Example:
        """Return the example of a call, pinned to the Python that the call names, if any."""
        example = self.every[call.name]
        return example if call.options.python is None else pythons.pin(example, call.options.python)

    def panels(self, page: Page) -> tuple[list[RenderedCall], list[Problem]]:
        """Make the panels of a page.

        Returns:
            The panels in order, and the problems of the calls that have none. In a draft, a panel
            shows its problem instead.
        """
        panels: list[RenderedCall] = []
        problems = []
        for call in page.calls:
            try:
                panels.append(self.panel(call))
            except ExampleError as error:
                if is_draft():
                    html = render("failed.html.jinja", cause=str(error))
                    panels.append(RenderedCall(call, html, parse_page(html)))
                else:
                    file = self.project.relative(page.path)
                    problems.append(Problem(file, f"line {call.line}: {error}"))
        return panels, problems
