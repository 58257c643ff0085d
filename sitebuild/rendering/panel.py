"""Renders the panel of an example: its source, output, picture, stepper and facts."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from loopscope.trace.index import TraceIndex
from loopscope.trace.model import Trace
from loopscope.views.wording import seconds

from ..checks.output import check_output
from ..content.examples import Example, ExampleError
from ..content.files import read_text
from ..content.show_options import ShowOptions
from ..problem import Problem
from ..project import Project, is_draft
from ..records import verified
from . import stepper_data
from .listing import make_listing
from .run_pictures import (
    Run,
    anonymous_picture,
    picture_of,
    required_python,
    worth_a_picture,
)
from .templating import legend as draw_legend
from .templating import render


# The template of a panel names the fields of these classes.
@dataclass(frozen=True)
class _Row:
    """A line of output."""

    text: str
    time: str | None = None
    stderr: bool = False


@dataclass(frozen=True)
class OutputLines:
    """Everything that the example printed."""

    label: str
    rows: list[_Row]
    timed: bool = False
    nothing: str | None = None  # shown if there are no rows
    ended: str | None = None  # how it ended, unless normally


@dataclass(frozen=True)
class _Stepper:
    """The stepper."""

    step: int | None  # the number of the step at which it opens; None if it is closed at first


@dataclass(frozen=True)
class Facts:
    """The line below a panel: how it ran, and links."""

    text: str
    file: str
    suffix: str
    link: bool


def panel(
    example: Example,
    trace: Trace | None,
    project: Project,
    options: ShowOptions = ShowOptions(),  # noqa: B008  # it is frozen
    *,
    earlier: Run | None = None,
    link: bool = True,
) -> Markup:
    """Check the run of an example, and return its panel.

    Args:
        example: The example.
        trace: Its trace; None if no Python here can run it.
        project: The project that it belongs to.
        options: The options of `show`.
        earlier: The run of the example that it is compared with.
        link: Whether to link to the example's own page.

    Raises:
        ExampleError: The example lacks the part, line or step that the options name, or its run
            is not as expected and this is no draft.
    """
    problem = None if trace is None else check_output(example, trace, project)
    if problem is not None and not is_draft():
        raise ExampleError(str(problem))
    return panel_of(Run(example, trace, project), options, problem, earlier, link=link)


def panel_of(
    run: Run,
    options: ShowOptions,
    problem: Problem | None,
    earlier: Run | None = None,
    *,
    link: bool,
) -> Markup:
    """Return the panel of an example whose run has been checked.

    Args:
        run: The run of the example.
        options: The options of `show`.
        problem: What the check found, if anything; it is shown below.
        earlier: The run of the example that it is compared with.
        link: Whether to link to the example's own page.

    Raises:
        ExampleError: The example lacks the part, line or step that the options name.
    """
    if options.only is not None:
        return render(
            "panel.html.jinja",
            name=run.example.name,
            shows="picture",
            source=None,
            output=None,
            picture=anonymous_picture(run),
            legend=draw_legend(run.trace) if run.trace is not None else "",
            stepper=None,
            facts=None,
            problem=None if problem is None else problem.cause,
        )
    example, trace = run.example, run.trace
    with_picture = shows_picture(run, options)
    stepper = None
    if with_picture and trace is not None and example.pinned is None and run.can_be_stepped:
        stepper = _Stepper(
            stepper_data.step_of(example, trace, options.step) if options.step else None
        )
    listing = None
    if options.source:
        compared = None if earlier is None else earlier.example
        listing = make_listing(example, options, compared, _printed(run))
    return render(
        "panel.html.jinja",
        name=example.name,
        shows=_shows(options),
        source=listing,
        output=output_of(example, trace, run.project, options.python) if options.output else None,
        picture=picture_of(run, earlier if options.beside else None) if with_picture else None,
        legend=draw_legend(trace) if with_picture and trace is not None else None,
        stepper=stepper,
        facts=facts_of(example, trace, link) if options.output else None,
        problem=None if problem is None else problem.cause,
    )


def shows_picture(run: Run, options: ShowOptions) -> bool:
    """Return whether a panel has the timeline of its run, if there is a run."""
    wanted = options.picture
    if wanted is None:
        wanted = run.trace is not None and worth_a_picture(run.trace)
    return options.output and wanted


def _printed(run: Run) -> str:
    """Return everything that an example prints, or what is recorded of it if there is no run."""
    example = run.example
    if run.trace is not None:
        return "".join(line.text for line in TraceIndex.for_trace(run.trace).output.lines)
    lowest = ".".join(map(str, example.requires_python or ()))
    file = example.output_file(example.pinned or lowest)
    return read_text(run.project, file) if file.exists() else ""


def _shows(options: ShowOptions) -> str:
    """Return which parts a panel has, as a list of words for the page."""
    if options.source:
        return "source output" if options.output else "source"
    return "output"


def output_of(
    example: Example, trace: Trace | None, project: Project, python: str | None
) -> OutputLines:
    """Return the output of a run, or the recorded one if there is no run."""
    label = "Output" if python is None else f"Output on Python {python}"
    if trace is None:
        return OutputLines(
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
    return OutputLines(
        label, rows, timed=not example.shell, nothing="(it prints nothing)", ended=ended
    )


def recorded(example: Example, project: Project) -> str:
    """Return the recorded output of an example that no Python here can run.

    Raises:
        ExampleError: This version of the example was never run on a Python that it needs.
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


def facts_of(example: Example, trace: Trace | None, link: bool) -> Facts:
    """Return the facts about a run, or about the recorded output if there is no run."""
    if trace is not None:
        clock = (
            "a shell session"
            if example.shell
            else f"{trace.clock} clock, {seconds(trace.duration)}"
        )
        text = f"Ran on Python {trace.python}, {clock}"
    else:
        text = (
            f"Recorded on {required_python(example)}, which the machine that built this page does"
            " not have"
        )
    return Facts(text, example.path.name, example.path.suffix, link)
