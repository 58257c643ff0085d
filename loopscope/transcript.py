"""The record as text: what was printed with its times, and one line a task.

In:  a `Trace`. Out: text.
"""

from __future__ import annotations

from .trace import BLOCKED, Output, Trace

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
    rows = []
    for task in shown:
        steps = [step for step in trace.steps if step.task == task.id]
        blocked = sum(step.end - step.time for step in steps if step.end - step.time >= BLOCKED)
        until = f"{task.ended:.3f}" if task.ended is not None else f"{trace.duration:.3f}"
        ended = f"{SYMBOLS[task.outcome]} {outcome(trace, task.id)}"
        notes = [f"{len(steps)} step{'s' * (len(steps) != 1)}"]
        if blocked:
            notes.append(f"held the loop for {blocked:.3f} s")
        if task.ended is None and steps and steps[-1].waits:
            notes.append(f"waits for {steps[-1].waits}" + (f" at line {steps[-1].left}" if steps[-1].left else ""))
        rows.append((task.name, task.coro, f"{task.created:.3f} → {until} s", ended, ", ".join(notes)))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    text = "".join("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[4]]).rstrip() + "\n" for row in rows)
    clock = "virtual clock" if trace.clock == "virtual" else "real clock"
    text += f"{trace.file}: exit {trace.exit} after {trace.duration:.3f} s ({clock}, Python {trace.python})\n"
    text += "".join(f"{trace.file}: {line}\n" for line in (*([trace.stopped] if trace.stopped else []), *trace.notes))
    return text
