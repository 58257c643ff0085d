"""The run in words: a sentence for each step.

Steps that are asyncio's own have no sentence: they belong to that of the step they lead to.
"""

from __future__ import annotations

import bisect
import io
from dataclasses import dataclass

from ..limits import MAX_QUEUE_ENTRIES
from ..trace.events import WaitKind
from ..trace.index import TraceIndex
from ..trace.model import BLOCKED_SECONDS, Step, Task, Trace, Wait
from .wording import cut_notices, seconds


@dataclass(frozen=True)
class Sentence:
    """What happens in some steps: one of the program, and those of asyncio's own before it.

    Texts have `code` in backquotes.
    """

    time: float  # seconds since the program began
    start: str  # who resumes, and why
    who: str  # what readers call the task or callback
    does: str  # what that does in the step, and what the task waits for then
    steps: tuple[int, ...]  # indices; empty if the sentence is about the record itself

    @property
    def stop(self) -> str:
        """What has happened when the step is over."""
        return f"{self.who} {self.does}"

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.start} It {self.does}" if self.does else self.start


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
        start = f"{_describe_time_limits(trace, leading)}{steps.start(number)}"
        who, does = steps.name_of(number), steps.does(number)
        sentences.append(Sentence(step.time, start, who, does, (*leading, number)))
        leading = []
    for time, text in cut_notices(trace):
        time = max([time, *(last.time for last in sentences[-1:])])
        sentences.append(Sentence(time, text, "", "", ()))
    return sentences


def describe_wakes(trace: Trace) -> dict[int, str]:
    """Return whom each of asyncio's own steps makes ready, and why, as a sentence."""
    index, steps = TraceIndex.for_trace(trace), _Steps(trace, [])
    found: dict[int, str] = {}
    for number in sorted(index.internal_steps):
        woken = [task for task in index.woken(number) if not trace.task(task).internal]
        texts = [steps.wake(number, task) for task in woken[:MAX_QUEUE_ENTRIES]]
        if len(woken) > len(texts):
            texts.append(f"{len(woken) - len(texts):,} more tasks become ready.")
        if texts:
            found[number] = " ".join(texts)
    return found


def _describe_time_limits(trace: Trace, steps: list[int]) -> str:
    """Return which time limits were reached in asyncio's own steps, as a sentence, or nothing."""
    index = TraceIndex.for_trace(trace)
    names: list[str] = []
    for number in steps:
        step = trace.steps[number]
        if step.kind == "timer" and (step.what or "").endswith("._on_timeout"):
            names += [index.label(task) for task in index.woken(number)]
    names = list(dict.fromkeys(names))
    if not names:
        return ""
    if len(names) > MAX_QUEUE_ENTRIES:
        names = [*names[:MAX_QUEUE_ENTRIES], f"{len(names) - MAX_QUEUE_ENTRIES:,} more"]
    return (
        f"The time limit of {names[0]} is over. "
        if len(names) == 1
        else f"The time limits of {', '.join(names[:-1])} and {names[-1]} are over. "
    )


class _Steps:
    """Puts the steps of one trace into words."""

    def __init__(self, trace: Trace, lines: list[str]) -> None:
        self._trace, self._index, self._lines = trace, TraceIndex.for_trace(trace), lines

    def start(self, number: int) -> str:
        """Return who begins a step, and why, as a sentence."""
        step = self._trace.steps[number]
        if step.task is None:
            kind = "timer" if step.kind == "timer" else "callback"
            return f"The {kind} `{step.what}` runs{self._inside(number)}."
        task, is_first = self._trace.task(step.task), self._index.is_first(number)
        name = self._index.label(step.task, introduce=is_first)
        if is_first:
            if self._cancelled_unstarted(number, step, task):
                return f"{name} was cancelled before its first line had run{self._inside(number)}."
            return f"{name} starts{self._inside(number)}."
        place = f"{name} resumes{self._at(step.resumed_line)}{self._inside(number)}"
        if step.raised:
            return f"{place}, where {step.raised} is raised."
        reason = self._reason(number, step.task)
        return f"{place}: {reason}." if reason else f"{place}."

    def wake(self, number: int, task: int) -> str:
        """Return that a step makes a task ready, and why, as a sentence."""
        following = self._index.step_after(task, number)
        text = f"{self._index.label(task)} becomes ready"
        if following is None:
            return f"{text}."
        raised, reason = self._raised_by_waking(following), self._reason(following, task)
        if raised:
            return f"{text} with {raised}."
        return f"{text}: {reason}." if reason else f"{text}."

    def _raised_by_waking(self, number: int) -> str:
        """Return the exception that woke the task of a step; empty if none did."""
        step = self._trace.steps[number]
        return step.raised if step.raised and not step.cancelled_when_ready else ""

    def _inside(self, number: int) -> str:
        """Return that a step runs inside another; empty if it does not."""
        within = self._trace.steps[number].within
        if within is None:
            return ""
        outer = self.name_of(within)
        if self._index.is_eager(number):
            return f" at once, inside {outer}"
        return f", while the loop runs again inside {outer}"

    def _reason(self, number: int, task: int) -> str:
        """Return why a task can resume: what it waited for, and that this is over."""
        steps = self._index.steps_of(task)
        before = self._trace.steps[steps[bisect.bisect_left(steps, number) - 1]]
        wait = before.waiting_on
        if wait is None or not wait.text:
            return ""
        if wait.only_yields:
            return "it's its turn again"
        if wait.kind == "task":
            return f"{self._index.wait_text(wait)} is done"
        what = _SHORT_WAITS.get(wait.kind, f"wait for {self._index.wait_text(wait)}")
        return f"its {what} is {'done' if wait.kind in ('task_group', 'gather') else 'over'}"

    def _cancelled_unstarted(self, number: int, step: Step, task: Task) -> bool:
        """Return whether a task ends in its first step because it was cancelled before."""
        return (
            step.raised == "CancelledError"
            and task.outcome == "cancelled"
            and self._index.ends_in(number)
        )

    def does(self, number: int) -> str:
        """Return what has happened when a step is over, as what follows the name."""
        step = self._trace.steps[number]
        if step.task is None:
            return _joined(self._actions(number, step, None)) or "is over."
        task = self._trace.task(step.task)
        actions = self._actions(number, step, task)
        end = ""
        if (
            self._index.ends_in(number)
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
            end = f"waits for {self._object(step.waiting_on)}" + self._at(step.suspended_line)
        return (
            _joined([*actions, *([end] if end else [])]) or "is still running when the record ends."
        )

    def _object(self, wait: Wait) -> str:
        """Return what is waited for, in a form that reads well after "waits for"."""
        if wait.kind == "sleep":
            return f"{wait.length} to pass"
        return f"its {wait.text}" if wait.kind == "task_group" else self._index.wait_text(wait)

    def _actions(self, number: int, step: Step, task: Task | None) -> list[str]:
        """Return what a task or callback did during a step, each as what follows its name."""
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
                    + ", ".join(self._index.label(child.id, introduce=True) for child in created)
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
        for raised, woken in self._woken_by_exception(number, step).items():
            names = [self._index.label(one) for one in woken]
            whom = " and ".join(names) if len(names) <= 3 else f"{len(names):,} tasks"
            actions.append(f"makes {whom} ready{f' with {raised}' if raised else ''}")
        return actions

    def _woken_by_exception(self, number: int, step: Step) -> dict[str, list[int]]:
        """Return the tasks that a step makes ready, by the exception that they resume with."""
        found: dict[str, list[int]] = {}
        for task in self._woken(number, step):
            following = self._index.step_after(task, number)
            raised = "" if following is None else self._raised_by_waking(following)
            found.setdefault(raised, []).append(task)
        return found

    def _woken(self, number: int, step: Step) -> list[int]:
        """Return the tasks that waited before a step and are ready after it."""
        return [
            task
            for task in self._index.woken(number)
            if task not in (step.task, *(step.ready_before or ()))
            and any(one < number for one in self._index.steps_of(task)[:1])
        ]

    def _continues_line(self, number: int) -> bool:
        """Return whether a piece of output goes on with the line that the one before it began."""
        before, piece = self._trace.output[max(number - 1, 0)], self._trace.output[number]
        return number > 0 and before.stream == piece.stream and not before.text.endswith("\n")

    def name_of(self, number: int) -> str:
        """Return what readers call the task or callback whose step it is."""
        step = self._trace.steps[number]
        return self._index.label(step.task) if step.task is not None else f"`{step.what}`"

    def _at(self, line: int | None) -> str:
        """Return " at" and the text of a line of the source; empty if there is no such line."""
        if not line or line > len(self._lines):
            return ""
        return f" at `{self._lines[line - 1].strip().removesuffix(':')}`"


_SHORT_WAITS: dict[WaitKind, str] = {
    "sleep": "sleep",
    "task_group": "group",
    "gather": "gather()",
    "wait": "wait()",
    "thread": "thread",
}


def _joined(clauses: list[str]) -> str:
    """Return the end of a sentence that tells one thing after the other; empty if there is none."""
    if not clauses:
        return ""
    *first, last = clauses
    return f"{', '.join(first)}{' and ' if first else ''}{last}."
