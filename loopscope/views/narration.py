"""The run in words: a sentence for each step.

Steps that are asyncio's own have no sentence: they belong to that of the step they lead to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from ..limits import MAX_QUEUE_ENTRIES
from ..trace.index import TraceIndex
from ..trace.model import BLOCKED_SECONDS, Step, Task, Trace, Wait
from .wording import cut_notices, seconds


@dataclass(frozen=True)
class Sentence:
    """What happens in some steps: one of the program, and those of asyncio's own before it."""

    time: float  # seconds since the program began
    text: str  # with `code` in backquotes
    steps: tuple[int, ...]  # indices; empty if the sentence is about the record itself
    cause: str = ""  # the beginning of the text, which explains what made the step possible


def lines_of(source: str) -> list[str]:
    """Return a program's lines as Python counts them.

    Unlike `str.splitlines`, Python ends no line at a form feed and the like.
    """
    return [line.removesuffix("\n") for line in io.StringIO(source, newline=None)]


def narrate(trace: Trace, source: str) -> list[Sentence]:
    """Return a sentence for each step that matters to a reader, and for each cut in the record.

    Args:
        trace: The run.
        source: The program's text.
    """
    index = TraceIndex.for_trace(trace)
    steps = _Steps(trace, lines_of(source))
    sentences: list[Sentence] = []
    leading: list[int] = []  # asyncio's own steps since the last sentence
    for number, step in enumerate(trace.steps):
        if number in index.internal_steps:
            leading.append(number)
            continue
        cause = _describe_due_timers(trace, leading)
        sentences.append(
            Sentence(step.time, f"{cause}{steps.text(number)}", (*leading, number), cause)
        )
        leading = []
    for time, text in cut_notices(trace):
        sentences.append(Sentence(max([time, *(last.time for last in sentences[-1:])]), text, ()))
    return sentences


def _describe_due_timers(trace: Trace, steps: list[int]) -> str:
    """Return what readers want to know about asyncio's own steps: which timers fell due."""
    index = TraceIndex.for_trace(trace)
    due: list[str] = []
    over: list[str] = []
    for number in steps:
        step = trace.steps[number]
        if step.kind == "timer":
            names = over if (step.what or "").endswith("._on_timeout") else due
            names += [trace.task(task).name for task in index.woken(number)]
    return _announce("timer", "due", list(dict.fromkeys(due))) + _announce(
        "timeout", "over", list(dict.fromkeys(over))
    )


def _announce(what: str, how: str, names: list[str]) -> str:
    """Return a sentence on the timers, or timeouts, of some tasks; empty if there are none."""
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
    """Puts the steps of one trace into words."""

    def __init__(self, trace: Trace, lines: list[str]) -> None:
        self._trace, self._index, self._lines = trace, TraceIndex.for_trace(trace), lines

    def text(self, number: int) -> str:
        """Return what happens in a step, as a sentence."""
        step = self._trace.steps[number]
        if step.kind == "task" and step.task is not None:
            return self._task_step(number, step, self._trace.task(step.task))
        return (
            f"The {'timer' if step.kind == 'timer' else 'callback'} `{step.what}` runs"
            + self._actions(number, step, None)
            + "."
        )

    def _task_step(self, number: int, step: Step, task: Task) -> str:
        """Return what happens in a task's step, as a sentence."""
        is_first, ends = self._index.is_first(number), self._index.ends_in(number)
        if is_first and step.raised == "CancelledError" and task.outcome == "cancelled" and ends:
            return f"{task.name} (`{task.coro}`) ends, cancelled, before its first line has run."
        if is_first:
            beginning = f"{task.name} (`{task.coro}`) starts"
        else:
            beginning = (
                f"{task.name} resumes"
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
            end = f"waits for {_wait_object(step.waiting_on)}" + self._at(step.suspended_line)
        else:
            end = ""
        actions = self._actions(number, step, task)
        connector = ", and " if step.raised and not actions else " and "
        return f"{beginning}{actions}{connector + end if end else ''}."

    def _actions(self, number: int, step: Step, task: Task | None) -> str:
        """Return what a task or callback did during a step, as the middle of a sentence."""
        actions = []
        held = self._index.seconds_held(number)
        if held >= BLOCKED_SECONDS:
            actions.append(f"holds the loop for {seconds(held)}")
        if task is not None:
            is_cut = (
                self._trace.tasks_cut is not None and step.time <= self._trace.tasks_cut <= step.end
            )
            created = [
                child
                for child in self._index.children(task.id)
                if step.time <= child.created <= step.end
            ]
            if len(created) > 3:
                actions.append(f"creates {len(created):,} tasks{' and more' * is_cut}")
            elif created:
                actions.append(
                    "creates "
                    + ", ".join(f"{child.name} (`{child.coro}`)" for child in created)
                    + " and more" * is_cut
                )
        pieces = self._index.output.of_step(number)
        printed = "".join(piece.text for _, piece in pieces).splitlines()
        if printed:
            shown = [f"`{line}`" if line.strip() else "a blank line" for line in printed[:3]]
            if not printed[0].strip() and self._continues_line(pieces[0][0]):
                shown[0] = "the end of a line"
            more = len(printed) - len(shown)
            actions.append(
                "prints "
                + ", ".join(shown)
                + (f" and {more:,} more line{'s' * (more > 1)}" if more else "")
            )
        return "".join(f", {action}" for action in actions)

    def _continues_line(self, number: int) -> bool:
        """Return whether a piece of output goes on with the line that the one before it began."""
        before, piece = self._trace.output[max(number - 1, 0)], self._trace.output[number]
        return number > 0 and before.stream == piece.stream and not before.text.endswith("\n")

    def _name_of(self, number: int) -> str:
        """Return the name of the task or callback whose step it is."""
        step = self._trace.steps[number]
        return self._trace.task(step.task).name if step.task is not None else f"`{step.what}`"

    def _at(self, line: int | None) -> str:
        """Return " at" and the text of a line of the source; empty if there is no such line."""
        return f" at `{self._lines[line - 1].strip()}`" if line and line <= len(self._lines) else ""


def _wait_object(wait: Wait) -> str:
    """Return what is waited for, in a form that reads well after "waits for"."""
    if wait.kind == "sleep":
        return f"{wait.length} to pass"
    return f"its {wait.text}" if wait.kind == "task_group" else wait.text
