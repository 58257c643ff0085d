"""The record as text: one line per task, and how the program ended."""

from __future__ import annotations

from ..trace.index import TraceIndex
from ..trace.model import BLOCKED_SECONDS, Task, Trace
from .wording import SYMBOLS, describe_outcome

_MAX_TASKS = 100  # in the summary, one per line


def summary(trace: Trace) -> str:
    """Return one line per task, and how the program ended."""
    tasks = TraceIndex.for_trace(trace).program_tasks
    rows = [_row(trace, task) for task in tasks[:_MAX_TASKS]]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    text = "".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]
        ).rstrip()
        + "\n"
        for row in rows
    )
    more = len(tasks) - len(rows)
    if more:
        text += f"and {more:,} more task{'s' * (more > 1)}\n"
    clock = "virtual clock" if trace.clock == "virtual" else "real clock"
    text += (
        f"{trace.file}: exit {trace.exit} after {trace.duration:.3f} s ({clock}, Python"
        f" {trace.python})\n"
    )
    text += "".join(
        f"{trace.file}: {line}\n"
        for line in (*([trace.stopped] if trace.stopped else []), *trace.notes)
    )
    return text


def _row(trace: Trace, task: Task) -> tuple[str, str, str, str, str]:
    """Return the cells of a task's line."""
    index = TraceIndex.for_trace(trace)
    steps = index.steps_of(task.id)
    blocked = sum(held for step in steps if (held := index.seconds_held(step)) >= BLOCKED_SECONDS)
    until = f"{task.ended:.3f}" if task.ended is not None else f"{trace.duration:.3f}"
    is_whole = trace.has_all_steps_of(task)
    least = "" if is_whole else "at least "
    notes = [
        (
            f"{least}{len(steps)} step{'s' * (len(steps) != 1)}"
            if steps or is_whole
            else "its steps are not recorded"
        )
    ]
    if blocked:
        notes.append(f"held the loop for {least}{blocked:.3f} s")
    last = trace.steps[steps[-1]] if steps else None
    if task.ended is None and last is not None and last.wait_text and is_whole:
        notes.append(
            f"waits for {last.wait_text}"
            + (f" at line {last.suspended_line}" if last.suspended_line else "")
        )
    ended = f"{SYMBOLS[task.outcome]} {describe_outcome(task)}"
    return task.name, task.coro, f"{task.created:.3f} → {until} s", ended, ", ".join(notes)
