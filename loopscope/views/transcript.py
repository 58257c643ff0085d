"""The record as text: what was printed with its times, and one line a task.

In:  a `Trace`. Out: text.
"""

from __future__ import annotations

from ..trace.model import BLOCKED, Output, Task, Trace

_TASKS = 100  # lines of the summary

SYMBOLS = {"returned": "✓", "raised": "✗", "cancelled": "⊘", "pending": "…", "destroyed": "☓"}


def outcome(trace: Trace, number: int) -> str:
    """How a task ended, in a word or two."""
    task = trace.task(number)
    words = {"raised": f"failed: {task.error}", "pending": "still pending", "destroyed": "destroyed while pending"}
    return words.get(task.outcome, task.outcome)


def lines(trace: Trace) -> list[Output]:
    """The output cut into lines: each with the time, task and line of its first piece. Streams do not share a line."""
    result: list[Output] = []
    for piece in trace.output:
        for text in piece.text.splitlines(keepends=True):
            if result and result[-1].stream == piece.stream and not result[-1].text.endswith("\n"):
                last = result[-1]
                result[-1] = Output(last.time, last.stream, last.task, last.line, last.text + text, last.step)
            else:
                result.append(Output(piece.time, piece.stream, piece.task, piece.line, text, piece.step))
    return result


def summary(trace: Trace) -> str:
    """One line a task, and how the program ended."""
    shown = [task for task in trace.tasks if not task.internal]
    steps: dict[int | None, list[int]] = {}
    for index, step in enumerate(trace.steps):
        steps.setdefault(step.task, []).append(index)
    rows = [_task(trace, task, steps.get(task.id, [])) for task in shown[:_TASKS]]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    text = "".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip() + "\n" for row in rows
    )
    if len(shown) > _TASKS:
        text += f"and {len(shown) - _TASKS:,} more tasks\n"
    clock = "virtual clock" if trace.clock == "virtual" else "real clock"
    text += f"{trace.file}: exit {trace.exit} after {trace.duration:.3f} s ({clock}, Python {trace.python})\n"
    text += "".join(f"{trace.file}: {line}\n" for line in (*([trace.stopped] if trace.stopped else []), *trace.notes))
    return text


def _task(trace: Trace, task: Task, steps: list[int]) -> tuple[str, str, str, str, str]:
    blocked = sum(held for index in steps if (held := trace.held(index)) >= BLOCKED)
    until = f"{task.ended:.3f}" if task.ended is not None else f"{trace.duration:.3f}"
    seen = trace.saw_all_of(task)
    least = "" if seen else "at least "
    notes = [f"{least}{len(steps)} step{'s' * (len(steps) != 1)}" if steps or seen else "its steps are not recorded"]
    if blocked:
        notes.append(f"held the loop for {least}{blocked:.3f} s")
    last = trace.steps[steps[-1]] if steps else None
    if task.ended is None and last is not None and last.waits and seen:
        notes.append(f"waits for {last.waits}" + (f" at line {last.left}" if last.left else ""))
    ended = f"{SYMBOLS[task.outcome]} {outcome(trace, task.id)}"
    return task.name, task.coro, f"{task.created:.3f} → {until} s", ended, ", ".join(notes)
