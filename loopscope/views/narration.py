"""The run told in words, step by step.

In:  a `Trace` and the program's source. Out: `Told` sentences, in order; bookkeeping of asyncio's own is folded into the step that it
causes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from ..limits import QUEUE_SHOWN
from ..trace.model import BLOCKED, Step, Task, Trace


@dataclass(frozen=True)
class Told:
    """One sentence and the steps (indices) that it tells of."""

    time: float
    text: str  # with `code` in backquotes
    steps: tuple[int, ...]
    cause: str = ""  # the beginning of the text that says what made the step possible


def seconds(time: float) -> str:
    """A time as readers see it: `1.500 s`."""
    return f"{time:.3f} s"


def lines_of(source: str) -> list[str]:
    """A program's lines as Python counts them: a form feed, or one of the other characters at which `str.splitlines` cuts, ends none."""
    return [line.removesuffix("\n") for line in io.StringIO(source, newline=None)]


def called(task: Task) -> str:
    """A task as sentences call it."""
    return task.name


def cuts(trace: Trace) -> list[tuple[float, str]]:
    """What the record leaves out because a limit was reached: from which time on, and a sentence about it. Empty where all is there."""
    told = []
    if trace.tasks_cut is not None:
        told.append((trace.tasks_cut, f"Only the first {len(trace.tasks):,} tasks are recorded; of later ones nothing is told."))
    if trace.steps_cut is not None:
        told.append((trace.steps_cut, f"The record ends here, after {len(trace.steps):,} steps; the program went on."))
    return told


def cut(trace: Trace) -> str:
    """The sentences of `cuts`, one after the other."""
    return " ".join(text for _, text in cuts(trace))


def bookkeeping(trace: Trace) -> set[int]:
    """The steps (indices) that only keep asyncio's books: they run a callback of asyncio's own and print nothing."""
    printing = {piece.step for piece in trace.output}
    return {
        index
        for index, step in enumerate(trace.steps)
        if (
            (step.task is not None and trace.task(step.task).internal)
            if step.kind == "task"
            else (step.what or "").rsplit(".", 1)[-1].startswith("_") and index not in printing
        )
    }


class _Story:
    """A trace, looked up by step and by task."""

    def __init__(self, trace: Trace, source: str) -> None:
        self.trace = trace
        self.lines = lines_of(source)
        self.printed: dict[int | None, str] = {}
        for piece in trace.output:
            self.printed[piece.step] = self.printed.get(piece.step, "") + piece.text
        self.children: dict[int | None, list[Task]] = {}
        for task in trace.tasks:
            if not task.internal:
                self.children.setdefault(task.parent, []).append(task)
        self.first: dict[int | None, int] = {}
        self.last: dict[int | None, int] = {}
        for index, step in enumerate(trace.steps):
            self.first.setdefault(step.task, index)
            self.last[step.task] = index

    def at(self, line: int | None) -> str:
        return f" at `{self.lines[line - 1].strip()}`" if line and line <= len(self.lines) else ""


def tell(trace: Trace, source: str) -> list[Told]:
    """Every step that matters to a reader, as a sentence; and, of no step, that the record is cut, where it is."""
    story, books = _Story(trace, source), bookkeeping(trace)
    told: list[Told] = []
    folded: list[int] = []
    for index, step in enumerate(trace.steps):
        if index in books:
            folded.append(index)
            continue
        cause = _due(trace, folded)
        if step.kind == "task" and step.task is not None:
            text = _task_step(story, index, step, trace.task(step.task))
        else:
            text = f"The {'timer' if step.kind == 'timer' else 'callback'} `{step.what}` runs" + _deeds(story, index, step, None) + "."
        told.append(Told(step.time, f"{cause}{text}", (*folded, index), cause))
        folded = []
    for time, text in cuts(trace):
        told.append(Told(max([time, *(one.time for one in told[-1:])]), text, ()))
    return told


def _due(trace: Trace, steps: list[int]) -> str:
    """What the folded steps (indices) before this one did that a reader wants to know: timers that fell due."""
    due: list[str] = []
    over: list[str] = []
    for index in steps:
        step = trace.steps[index]
        if step.kind == "timer":
            woken = over if (step.what or "").endswith("._on_timeout") else due
            woken += map(called, map(trace.task, trace.woken(index)))
    return _are("timer", "due", list(dict.fromkeys(due))) + _are("timeout", "over", list(dict.fromkeys(over)))


def _are(what: str, how: str, names: list[str]) -> str:
    if not names:
        return ""
    if len(names) > QUEUE_SHOWN:
        names = [*names[:QUEUE_SHOWN], f"{len(names) - QUEUE_SHOWN:,} more"]
    return (
        f"The {what} of {names[0]} is {how}. " if len(names) == 1 else f"The {what}s of {', '.join(names[:-1])} and {names[-1]} are {how}. "
    )


def _task_step(story: _Story, index: int, step: Step, task: Task) -> str:
    name = called(task)
    first = story.first[task.id] == index
    if first and step.raised == "CancelledError" and task.outcome == "cancelled" and story.trace.ends_in(index):
        return f"{name} (`{task.coro}`) ends, cancelled, before its first line has run."
    if not first:
        begins = f"{name} goes on" + story.at(step.resumed) + (f", where {step.raised} is raised" if step.raised else "")
    else:
        begins = f"{name} (`{task.coro}`) starts"
    if step.within is not None:
        outer = _inside(story.trace, step.within)
        begins += f" at once, inside of {outer}" if story.trace.is_eager(index) else f", while the loop runs again inside of {outer}"
    last = story.last[task.id] == index and story.trace.ends_in(index)
    if last and task.outcome == "returned":
        end = "returns"
    elif last and task.outcome == "raised":
        end = f"ends with {task.error}"
    elif last and task.outcome == "cancelled":
        end = "ends, cancelled"
    elif step.waits == "its next turn" or step.waits == "sleep 0 s":
        end = "lets the others have a turn" + story.at(step.left)
    elif step.waits:
        end = f"waits for {_object(step.waits)}" + story.at(step.left)
    else:
        end = ""
    deeds = _deeds(story, index, step, task)
    joint = ", and " if step.raised and not deeds else " and "
    return f"{begins}{deeds}{joint + end if end else ''}."


def _inside(trace: Trace, index: int) -> str:
    number = trace.steps[index].task
    return called(trace.task(number)) if number is not None else f"`{trace.steps[index].what}`"


def _deeds(story: _Story, index: int, step: Step, task: Task | None) -> str:
    deeds = []
    held = story.trace.held(index)
    if held >= BLOCKED:
        deeds.append(f"holds the loop for {seconds(held)}")
    if task is not None:
        more = story.trace.tasks_cut is not None and step.time <= story.trace.tasks_cut <= step.end
        born = [child for child in story.children.get(task.id, []) if step.time <= child.created <= step.end]
        if len(born) > 3:
            deeds.append(f"creates {len(born):,} tasks{' and more' * more}")
        elif born:
            deeds.append("creates " + ", ".join(f"{called(child)} (`{child.coro}`)" for child in born) + " and more" * more)
    printed = story.printed.get(index, "").splitlines()
    if printed:
        shown = [f"`{line}`" for line in printed[:3]]
        deeds.append("prints " + ", ".join(shown) + (f" and {len(printed) - 3} more lines" if len(printed) > 3 else ""))
    return "".join(f", {deed}" for deed in deeds)


def _object(waits: str) -> str:
    """`sleep 1 s` reads as it is; a primitive wants its article."""
    if waits.startswith("sleep "):
        return f"{waits[6:]} to pass"
    return f"its {waits}" if waits == "TaskGroup" else waits
