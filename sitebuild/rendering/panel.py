"""One example on a page: its source, output, picture, stepper and facts.

In:  an example, its trace, and what to show of it. Out: HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from loopscope.trace.index import TraceIndex
from loopscope.trace.model import Trace
from loopscope.views.wording import seconds

from ..checks.output import check_output, normalize_trace
from ..content.examples import Example, ExampleError
from ..content.excerpts import extract_statement
from ..content.show_calls import ShowOptions
from ..problem import Problem
from ..project import Project, is_draft
from ..records import verified
from . import highlighting, stepper_data
from .templating import picture as drawn
from .templating import render


# What the template of a panel is given.
@dataclass(frozen=True)
class _Line:
    html: Markup
    lit: bool


@dataclass(frozen=True)
class _Source:
    title: str
    lines: list[_Line]


@dataclass(frozen=True)
class _Row:
    text: str
    time: str | None = None
    stderr: bool = False


@dataclass(frozen=True)
class _Output:
    label: str
    rows: list[_Row]
    timed: bool = False
    nothing: str | None = None  # said where there are no rows
    ended: str | None = None


@dataclass(frozen=True)
class _Stepper:
    step: int | None  # at which it is open


@dataclass(frozen=True)
class _Facts:
    text: str
    file: str
    suffix: str
    link: bool


class Run:
    """An example and what it did, with what its panels, its own page and the stepper share.

    Args:
        example: What ran.
        trace: What it did; None where no Python here can run it.
        project: Where it belongs.
    """

    def __init__(self, example: Example, trace: Trace | None, project: Project) -> None:
        self.example = example
        self.trace = None if trace is None else normalize_trace(trace, project)
        self.project = project

    @cached_property
    def picture(self) -> Markup | None:
        """Its timeline."""
        return None if self.trace is None else drawn(self.trace)

    @cached_property
    def can_be_stepped(self) -> bool:
        return stepper_data.can_be_stepped(self.example, self.trace)


def panel(
    example: Example,
    trace: Trace | None,
    project: Project,
    options: ShowOptions = ShowOptions(),  # noqa: B008  # it is frozen
    *,
    link: bool = True,
) -> Markup:
    """Return the HTML of an example and its trace.

    Args:
        example: What is shown.
        trace: What it did; None where no Python here can run it.
        project: Where it belongs.
        options: What of it is shown, and how.
        link: Whether it is said where the example's own page is.

    Raises:
        ExampleError: It has no such part, line or step, or it is not in order.
    """
    problem = None if trace is None else check_output(example, trace, project)
    if problem is not None and not is_draft():
        raise ExampleError(str(problem))
    return panel_of(Run(example, trace, project), options, problem, link=link)


def panel_of(run: Run, options: ShowOptions, problem: Problem | None, *, link: bool) -> Markup:
    """Return the HTML of an example that was run.

    Args:
        run: The example and its trace.
        options: What of it is shown, and how.
        problem: What is wrong with what it did, which is then said below.
        link: Whether it is said where the example's own page is.

    Raises:
        ExampleError: It has no such part, line or step.
    """
    example, trace = run.example, run.trace
    wanted = options.picture
    if wanted is None:
        wanted = trace is not None and worth_a_picture(trace)
    draws = options.output and wanted
    stepper = None
    if draws and trace is not None and example.pinned is None and run.can_be_stepped:
        stepper = _Stepper(
            stepper_data.step_of(example, trace, options.step) if options.step else None
        )
    return render(
        "panel.html.jinja",
        name=example.name,
        shows=_shows(options),
        source=_source(example, options) if options.source else None,
        output=_output(example, trace, run.project, options.python) if options.output else None,
        picture=run.picture if draws else None,
        stepper=stepper,
        facts=_facts(example, trace, link) if options.output else None,
        problem=None if problem is None else problem.cause,
    )


def _shows(options: ShowOptions) -> str:
    if options.source:
        return "source output" if options.output else "source"
    return "output"


def worth_a_picture(trace: Trace) -> bool:
    """More than one task, or one that waits. Of a loop that is not asyncio's own (uvloop) there are
    no steps to draw.
    """
    if not trace.steps:
        return False
    tasks = [task for task in trace.tasks if not task.internal]
    waits = [step.waiting_on for step in trace.steps if step.task == 1 and step.waiting_on]
    return len(tasks) > 1 or any(wait.kind != "turn" for wait in waits)


def _source(example: Example, options: ShowOptions) -> _Source:
    where = example.file
    language = "bash" if example.shell else "python"
    if options.part is None:
        numbers = example.shown_lines
        coloured, plain = highlighting.lines(example.source, language), example.source.splitlines()
        html, text = (
            [coloured[number - 1] for number in numbers],
            [plain[number - 1] for number in numbers],
        )
    else:
        source = extract_statement(example.shown_source, options.part, where)
        html, text = list(highlighting.lines(source, language)), source.splitlines()
    for wanted in options.light:
        if not any(wanted in line for line in text):
            raise ExampleError(f"{where}: no line of what is shown has {wanted!r} to light up")
    light = options.light
    # The title is no code.
    lit = [any(part in line for part in light) and not line.startswith('"""') for line in text]
    return _Source(where, [_Line(line, is_lit) for line, is_lit in zip(html, lit, strict=True)])


def _output(example: Example, trace: Trace | None, project: Project, python: str | None) -> _Output:
    label = "Output" if python is None else f"Output on Python {python}"
    if trace is None:
        return _Output(
            f"{label}, as recorded",
            [_Row(line) for line in recorded(example, project).splitlines()],
        )
    rows = [
        _Row(
            line.text.rstrip("\n"),
            None if example.shell else seconds(line.time),
            line.stream == "stderr",
        )
        for line in TraceIndex.for_trace(trace).output.lines
    ]
    ended = (
        f"loopscope ended it: {trace.stopped}"
        if trace.stopped
        else f"exit status {trace.exit}"
        if trace.exit != 0
        else None
    )
    return _Output(label, rows, timed=not example.shell, nothing="(it prints nothing)", ended=ended)


def recorded(example: Example, project: Project) -> str:
    """What it printed on a Python that is not here. Raises ExampleError unless it was run there as
    it is now.
    """
    ran = [
        python
        for python in verified.pythons(example, verified.load(project))
        if example.pinned in (None, ".".join(python.split(".")[:2]))
    ]
    if not ran:
        wanted = example.pinned or ".".join(map(str, example.requires_python or ()))
        how = (
            f"python -m sitebuild update --python {wanted} {example.name}"
            if example.pinned
            else "make update"
        )
        raise ExampleError(
            f"{project.relative(example.path)}: it is shown as it runs on Python {wanted}, which is"
            f" not here, and what is recorded is of something else; run `{how}` where there is one"
        )
    return example.output_file(ran[0]).read_text(encoding="utf-8")


def _facts(example: Example, trace: Trace | None, link: bool) -> _Facts:
    if trace is not None:
        clock = (
            "a session in a shell"
            if example.shell
            else f"{trace.clock} clock, {seconds(trace.duration)}"
        )
        text = f"Ran on Python {trace.python}, {clock}"
    else:
        version = example.pinned or f"{'.'.join(map(str, example.requires_python or ()))} or later"
        text = f"Recorded on Python {version}, which the machine that built this page does not have"
    return _Facts(text, example.path.name, example.path.suffix, link)
