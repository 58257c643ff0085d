"""The run of an example, and the pictures that can be drawn of it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from html import unescape

from markupsafe import Markup

from loopscope.trace.model import Trace
from loopscope.views import comparison
from loopscope.views.narration import Sentence, narrate

from ..checks.output import normalize_trace
from ..content.examples import Example, ExampleError
from ..project import Project
from . import stepper_data
from .templating import picture as draw_picture

_DESCRIPTION = re.compile(r"<desc>([^<]*)</desc>")


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
    def sentences(self) -> list[Sentence]:
        """Its turns in words; none if the stepper cannot show it."""
        if self.trace is None or not self.can_be_stepped:
            return []
        return narrate(self.trace, self.example.source)

    @cached_property
    def can_be_stepped(self) -> bool:
        """Whether the stepper can show it."""
        return stepper_data.can_be_stepped(self.example, self.trace)


def worth_a_picture(trace: Trace) -> bool:
    """Return whether a run has more than one task, or one that waits."""
    if not trace.steps:  # as with uvloop, whose steps are not recorded
        return False
    tasks = [task for task in trace.tasks if not task.internal]
    waits = [step.waiting_on for step in trace.steps if step.task == 1 and step.waiting_on]
    return len(tasks) > 1 or any(wait.kind != "turn" for wait in waits)


def picture_of(run: Run, beside: Run | None) -> Markup | None:
    """Return the timeline of a run, or of two runs on the same axis, the other one first.

    Raises:
        ExampleError: There is nothing to draw beside it.
    """
    if beside is None:
        return run.picture
    if run.trace is None or beside.trace is None:
        return None
    for one in (beside, run):
        if not one.picture:
            raise ExampleError(f"{one.example.file}: its run has no task to draw beside another")
    both = comparison.side_by_side(beside.trace, run.trace)
    second = len(beside.trace.tasks) + 1
    return draw_picture(both, {1: beside.example.path.name, second: run.example.path.name})


def anonymous_picture(run: Run) -> Markup | str:
    """Return the timeline of a run without its program's name, and without what it prints.

    Readers guess which program it is.

    Raises:
        ExampleError: There is nothing to draw.
    """
    if run.trace is None:
        python = required_python(run.example)
        return f"No picture: the machine that built this page does not have {python}."
    output = tuple(replace(piece, text="a line\n") for piece in run.trace.output)
    picture = draw_picture(replace(run.trace, file="a program", output=output))
    if not picture:
        raise ExampleError(
            f"{run.example.file}: its run has no task to draw; show its output instead"
        )
    return picture


def describe(picture: str) -> str:
    """Return what a timeline says about itself in words."""
    found = _DESCRIPTION.search(picture)
    return unescape(found[1]) if found else ""


def required_python(example: Example) -> str:
    """Return the Python that an example needs, in words."""
    lowest = ".".join(map(str, example.requires_python or ()))
    return f"Python {example.pinned or f'{lowest} or later'}"
