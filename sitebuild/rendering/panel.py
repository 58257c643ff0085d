"""Renders the panel of an example: its source, output, picture, stepper and facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from loopscope.trace.index import TraceIndex
from loopscope.trace.model import Trace
from loopscope.views.wording import seconds

from ..checks.output import check_output, normalize_trace
from ..content.examples import Example, ExampleError
from ..content.files import read_text
from ..content.show_options import ShowOptions
from ..problem import Problem
from ..project import Project, is_draft
from ..records import verified
from . import stepper_data
from .listing import make_listing
from .templating import legend as draw_legend
from .templating import picture as draw_picture
from .templating import render


# The template of a panel names the fields of these classes.
@dataclass(frozen=True)
class _Row:
    """A line of output."""

    text: str
    time: str | None = None
    stderr: bool = False


@dataclass(frozen=True)
class _Output:
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
class _Facts:
    """The line below a panel: how it ran, and links."""

    text: str
    file: str
    suffix: str
    link: bool


class Run:
    """The run of an example, with the derived values that its panels and pages share.

    Args:
        example: The example.
        trace: Its trace; None if no Python here can run it.
        project: The project that it belongs to.
    """

    def __init__(self, example: Example, trace: Trace | None, project: Project) -> None:
        self.example = example
        self.trace = None if trace is None else normalize_trace(trace, project)
        self.project = project

    @cached_property
    def picture(self) -> Markup | None:
        """Its timeline, as SVG; None without a trace."""
        return None if self.trace is None else draw_picture(self.trace)

    @cached_property
    def can_be_stepped(self) -> bool:
        """Whether the stepper can show it."""
        return stepper_data.can_be_stepped(self.example, self.trace)


def panel(
    example: Example,
    trace: Trace | None,
    project: Project,
    options: ShowOptions = ShowOptions(),  # noqa: B008  # it is frozen
    *,
    earlier: Example | None = None,
    link: bool = True,
) -> Markup:
    """Check the run of an example, and return its panel.

    Args:
        example: The example.
        trace: Its trace; None if no Python here can run it.
        project: The project that it belongs to.
        options: The options of `show`.
        earlier: The example that `options.since` names.
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
    earlier: Example | None = None,
    *,
    link: bool,
) -> Markup:
    """Return the panel of an example whose run has been checked.

    Args:
        run: The run of the example.
        options: The options of `show`.
        problem: What the check found, if anything; it is shown below.
        earlier: The example that `options.since` names.
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
            picture=_anonymous_picture(run),
            legend=draw_legend(run.trace) if run.trace is not None else "",
            stepper=None,
            facts=None,
            problem=None if problem is None else problem.cause,
        )
    example, trace = run.example, run.trace
    with_picture = options.picture
    if with_picture is None:
        with_picture = trace is not None and worth_a_picture(trace)
    with_picture = options.output and with_picture
    stepper = None
    if with_picture and trace is not None and example.pinned is None and run.can_be_stepped:
        stepper = _Stepper(
            stepper_data.step_of(example, trace, options.step) if options.step else None
        )
    listing = None
    if options.source:
        listing = make_listing(example, options, earlier, _printed(run))
    return render(
        "panel.html.jinja",
        name=example.name,
        shows=_shows(options),
        source=listing,
        output=_output(example, trace, run.project, options.python) if options.output else None,
        picture=run.picture if with_picture else None,
        legend=draw_legend(trace) if with_picture and trace is not None else None,
        stepper=stepper,
        facts=_facts(example, trace, link) if options.output else None,
        problem=None if problem is None else problem.cause,
    )


def _anonymous_picture(run: Run) -> Markup | str:
    """Return the timeline of a run without its program's name, and without what it prints.

    Readers guess which program it is.

    Raises:
        ExampleError: There is nothing to draw.
    """
    if run.trace is None:
        return f"No picture: the machine that built this page does not have {_python(run.example)}."
    output = tuple(replace(piece, text="a line\n") for piece in run.trace.output)
    picture = draw_picture(replace(run.trace, file="a program", output=output))
    if not picture:
        raise ExampleError(
            f"{run.example.file}: its run has no task to draw; show its output instead"
        )
    return picture


def _python(example: Example) -> str:
    """Return the Python that an example needs, in words."""
    lowest = ".".join(map(str, example.requires_python or ()))
    return f"Python {example.pinned or f'{lowest} or later'}"


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


def worth_a_picture(trace: Trace) -> bool:
    """Return whether a run has more than one task, or one that waits."""
    if not trace.steps:  # as with uvloop, whose steps are not recorded
        return False
    tasks = [task for task in trace.tasks if not task.internal]
    waits = [step.waiting_on for step in trace.steps if step.task == 1 and step.waiting_on]
    return len(tasks) > 1 or any(wait.kind != "turn" for wait in waits)


def _output(example: Example, trace: Trace | None, project: Project, python: str | None) -> _Output:
    """Return the output of a run, or the recorded one if there is no run."""
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


def _facts(example: Example, trace: Trace | None, link: bool) -> _Facts:
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
            f"Recorded on {_python(example)}, which the machine that built this page does not have"
        )
    return _Facts(text, example.path.name, example.path.suffix, link)
