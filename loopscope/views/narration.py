"""The run in words, step by step.

In:  a `Trace` and the program's source. Out: `Sentence`s, in order. The steps that are asyncio's
     own have none: they belong to the sentence of the step that they lead to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from ..limits import MAX_QUEUE_ENTRIES
from ..trace.index import TraceIndex
from ..trace.model import BLOCKED, Step, Task, Trace, Wait
from .wording import cuts, seconds


@dataclass(frozen=True)
class Sentence:
    """What happens in some steps (indices), of which the last is the program's and those before it
    are asyncio's own.
    """

    time: float
    text: str  # with `code` in backquotes
    steps: tuple[int, ...]  # empty where the sentence is about the record itself
    cause: str = ""  # the beginning of the text that says what made the step possible


def lines_of(source: str) -> list[str]:
    """A program's lines as Python counts them: a form feed, or one of the other characters at which
    `str.splitlines` cuts, ends none.
    """
    return [line.removesuffix("\n") for line in io.StringIO(source, newline=None)]


def narrate(trace: Trace, source: str) -> list[Sentence]:
    """A sentence for every step that matters to a reader, and one that says that the record is cut,
    where it is.
    """
    index = TraceIndex.of(trace)
    steps = _Steps(trace, lines_of(source))
    sentences: list[Sentence] = []
    leading: list[int] = []  # steps of asyncio's own since the last sentence
    for number, step in enumerate(trace.steps):
        if number in index.internal_steps:
            leading.append(number)
            continue
        cause = _due(trace, leading)
        sentences.append(
            Sentence(step.time, f"{cause}{steps.text(number)}", (*leading, number), cause)
        )
        leading = []
    for time, text in cuts(trace):
        sentences.append(Sentence(max([time, *(last.time for last in sentences[-1:])]), text, ()))
    return sentences


def _due(trace: Trace, steps: list[int]) -> str:
    """Tell what a reader wants to know of asyncio's own steps (indices): timers that fell due."""
    index = TraceIndex.of(trace)
    due: list[str] = []
    over: list[str] = []
    for number in steps:
        step = trace.steps[number]
        if step.kind == "timer":
            names = over if (step.what or "").endswith("._on_timeout") else due
            names += [trace.task(task).name for task in index.woken(number)]
    return _are("timer", "due", list(dict.fromkeys(due))) + _are(
        "timeout", "over", list(dict.fromkeys(over))
    )


def _are(what: str, how: str, names: list[str]) -> str:
    if not names:
        return ""
    if len(names) > MAX_QUEUE_ENTRIES:
        names = [*names[:MAX_QUEUE_ENTRIES], f"{len(names) - MAX_QUEUE_ENTRIES:,} more"]
    return (
        f"The {what} of {names[0]} is {how}. "
        if len(names) == 1
        else f"The {what}s of {', '.join(names[:-1])} and {names[-1]} are {how}. "
    )


class _Steps:
    """The steps of one trace in words."""

    def __init__(self, trace: Trace, lines: list[str]) -> None:
        self._trace, self._index, self._lines = trace, TraceIndex.of(trace), lines

    def text(self, number: int) -> str:
        """What happens in a step, as a sentence."""
        step = self._trace.steps[number]
        if step.kind == "task" and step.task is not None:
            return self._task_step(number, step, self._trace.task(step.task))
        return (
            f"The {'timer' if step.kind == 'timer' else 'callback'} `{step.what}` runs"
            + self._deeds(number, step, None)
            + "."
        )

    def _task_step(self, number: int, step: Step, task: Task) -> str:
        is_first, ends = self._index.is_first(number), self._index.ends_in(number)
        if is_first and step.raised == "CancelledError" and task.outcome == "cancelled" and ends:
            return f"{task.name} (`{task.coro}`) ends, cancelled, before its first line has run."
        if is_first:
            beginning = f"{task.name} (`{task.coro}`) starts"
        else:
            beginning = (
                f"{task.name} goes on"
                + self._at(step.resumed_line)
                + (f", where {step.raised} is raised" if step.raised else "")
            )
        if step.within is not None:
            outer = self._name_of(step.within)
            is_eager = self._index.is_eager(number)
            beginning += (
                f" at once, inside of {outer}"
                if is_eager
                else f", while the loop runs again inside of {outer}"
            )
        if (
            ends
            and self._index.is_last(number)
            and task.outcome in ("returned", "raised", "cancelled")
        ):
            end = {
                "returned": "returns",
                "raised": f"ends with {task.error}",
                "cancelled": "ends, cancelled",
            }[task.outcome]
        elif step.waiting_on is not None and step.waiting_on.only_yields:
            end = "lets the others have a turn" + self._at(step.suspended_line)
        elif step.waiting_on is not None and step.wait_text:
            end = f"waits for {_object(step.waiting_on)}" + self._at(step.suspended_line)
        else:
            end = ""
        deeds = self._deeds(number, step, task)
        joint = ", and " if step.raised and not deeds else " and "
        return f"{beginning}{deeds}{joint + end if end else ''}."

    def _deeds(self, number: int, step: Step, task: Task | None) -> str:
        deeds = []
        held = self._index.held(number)
        if held >= BLOCKED:
            deeds.append(f"holds the loop for {seconds(held)}")
        if task is not None:
            more = (
                self._trace.tasks_cut is not None and step.time <= self._trace.tasks_cut <= step.end
            )
            created = [
                child
                for child in self._index.children(task.id)
                if step.time <= child.created <= step.end
            ]
            if len(created) > 3:
                deeds.append(f"creates {len(created):,} tasks{' and more' * more}")
            elif created:
                deeds.append(
                    "creates "
                    + ", ".join(f"{child.name} (`{child.coro}`)" for child in created)
                    + " and more" * more
                )
        printed = "".join(piece.text for _, piece in self._index.output_of(number)).splitlines()
        if printed:
            shown = [f"`{line}`" for line in printed[:3]]
            deeds.append(
                "prints "
                + ", ".join(shown)
                + (f" and {len(printed) - 3} more lines" if len(printed) > 3 else "")
            )
        return "".join(f", {deed}" for deed in deeds)

    def _name_of(self, number: int) -> str:
        """Whose a step is."""
        step = self._trace.steps[number]
        return self._trace.task(step.task).name if step.task is not None else f"`{step.what}`"

    def _at(self, line: int | None) -> str:
        return f" at `{self._lines[line - 1].strip()}`" if line and line <= len(self._lines) else ""


def _object(wait: Wait) -> str:
    """What is waited for, so that it reads well after "waits for"."""
    if wait.kind == "sleep":
        return f"{wait.length} to pass"
    return f"its {wait.text}" if wait.kind == "task_group" else wait.text
