"""What the stepper needs to know of an example.

In:  an example and its trace. Out: a record (JSON), laid beside the example's page, which the
     element in its panel asks for.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from loopscope.trace.index import TraceIndex
from loopscope.trace.model import Trace
from loopscope.views import replay, stepper
from loopscope.views.markup import packaged_file

from ..content.examples import Example, ExampleError
from ..project import base_path
from . import highlighting

TASKS = 100
"""Tasks of a run that somebody would want to step through; a record of more is too heavy to ask
for.
"""

LONGEST = 200
"""Characters of a name. A record says at each step what waits for what, so that a few lines could
make gigabytes of a longer one.
"""


def can_be_stepped(example: Example, trace: Trace | None) -> bool:
    """Whether there is anything to step through, and not too much of it."""
    if trace is None or example.shell or not trace.steps:
        return False
    return 0 < len(TraceIndex.for_trace(trace).program_tasks) <= TASKS and all(
        len(name) <= LONGEST for name in _names(trace)
    )


def _names(trace: Trace) -> Iterator[str]:
    """Of tasks, callbacks and exceptions, and what has them in it: what may be told of at every
    step.
    """
    for task in trace.tasks:
        yield from filter(None, (task.name, task.coro, task.error))
    for step in trace.steps:
        yield from filter(None, (step.what, step.wait_text, step.raised))
        yield from (entry for entry in step.ready if isinstance(entry, str))


def step_of(example: Example, trace: Trace, text: str) -> int:
    """The number, from 1, of the first step whose sentence, or whose output, has this text. Raises
    ExampleError where none has.
    """
    printed = [line.text for line in TraceIndex.for_trace(trace).output.lines]
    before, shown = 0, 0
    for moment in replay.replay(trace, example.source):
        sentence = (moment.cause + moment.text).replace("`", "")
        if moment.internal:
            continue
        shown += 1
        if text in sentence or any(text in line for line in printed[before : moment.lines_printed]):
            return shown
        before = moment.lines_printed
    raise ExampleError(
        f"examples/{example.name}.py: no step of it says or prints {text!r}, at which its stepper"
        " could be open"
    )


def record(example: Example, trace: Trace, picture: Markup) -> str:
    """The record, as JSON. `trace` is normalized already, and drawn."""
    data = replay.to_json(trace, example.source)
    data["page"] = f"{base_path()}examples/{example.name}/"
    coloured = highlighting.lines(example.source, "python")
    data["source"] = [[number, coloured[number - 1]] for number in example.shown_lines]
    data["picture"] = picture
    return replay.dumps(data)


def assets() -> dict[str, str]:
    """Return loopscope's files for the browser: their text, by where they stand on the site."""
    return {
        "assets/stepper.js": stepper.script(),
        "assets/stepper.css": stepper.style(),
        "assets/tokens.css": packaged_file("tokens.css"),
    }
