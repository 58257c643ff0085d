"""Makes the stepper's records.

The record of an example is a JSON file beside its page; the stepper in its panel fetches it.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from loopscope.trace.index import TraceIndex
from loopscope.trace.model import Trace
from loopscope.views import replay, stepper
from loopscope.views.markup import packaged_file
from loopscope.views.moments import End, Sleep, Start, Stop

from ..content.examples import Example, ExampleError
from ..project import base_path
from . import highlighting

TASKS = 100
"""How many tasks a run may have at most; a record of more is too large to fetch."""

TURNS = 150
"""How many turns a record has at most, so that it is fetched soon. Few readers would see more."""

LONGEST = 200
"""How many characters a name may have at most.

A record has the names of all waiting tasks at each step, so with longer names a few lines of source
could make gigabytes of it.
"""


def can_be_stepped(example: Example, trace: Trace | None) -> bool:
    """Return whether a run has steps to show, and not too many tasks or too long names."""
    if trace is None or example.shell or not trace.steps:
        return False
    return 0 < len(TraceIndex.for_trace(trace).program_tasks) <= TASKS and all(
        len(name) <= LONGEST for name in _names(trace)
    )


def _names(trace: Trace) -> Iterator[str]:
    """Return all texts of a trace that a record may repeat at each step."""
    for task in trace.tasks:
        yield from filter(None, (task.name, task.coro, task.error))
    for step in trace.steps:
        yield from filter(None, (step.what, step.wait_text, step.raised))
        yield from (entry for entry in step.ready if isinstance(entry, str))


def step_of(example: Example, trace: Trace, text: str) -> int:
    """Find a turn by its text: a step that is not asyncio's own.

    Args:
        example: The example.
        trace: Its trace.
        text: A part of the sentences that describe the turn, or of a line that it prints.

    Returns:
        The number of the first such turn, from 1; one more than there are if it's the end of the
        program that prints it.

    Raises:
        ExampleError: There is no such turn.
    """
    lines = [line.text for line in TraceIndex.for_trace(trace).output.lines]
    turns, printed = 0, 0
    running: list[int] = []  # the turns that have begun and not ended, innermost last
    for event in replay.replay(trace, example.source, TURNS).events:
        if isinstance(event, Sleep):
            continue
        new = [] if event.printed is None else lines[printed : event.printed]
        printed += len(new)
        number, said = running[-1] if running else turns, ""
        if isinstance(event, Start):
            if any(text in line for line in new):  # the turn inside which it begins prints this
                return number
            turns += not event.internal
            running.append(turns)
            number, new = turns, []
        elif isinstance(event, Stop):
            running.pop()
        elif isinstance(event, End):
            number = turns + 1
        if isinstance(event, Start | Stop) and not event.internal:
            said = event.text.replace("`", "")
        if text in said or any(text in line for line in new):
            return number
    raise ExampleError(
        f"examples/{example.name}.py: no step of it says or prints {text!r}, at which its stepper"
        " could be open"
    )


def record(example: Example, trace: Trace, picture: Markup) -> str:
    """Return the record of an example, as JSON.

    Args:
        example: The example.
        trace: Its trace, normalized.
        picture: The trace's timeline, as SVG.
    """
    data = replay.to_json(trace, example.source, TURNS)
    data["page"] = f"{base_path()}examples/{example.name}/"
    highlighted = highlighting.lines(example.source, "python")
    data["source"] = [[number, highlighted[number - 1]] for number in example.shown_lines]
    data["picture"] = picture
    return replay.dumps(data)


def assets() -> dict[str, str]:
    """Return the text of loopscope's files for the browser, by their path on the site."""
    return {
        **{f"assets/{name}": text for name, text in stepper.scripts().items()},
        "assets/stepper.css": stepper.style(),
        "assets/tokens.css": packaged_file("tokens.css"),
    }
