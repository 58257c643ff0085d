"""Words about a record that several views use."""

from __future__ import annotations

from ..trace.model import Task, Trace

SYMBOLS = {"returned": "✓", "raised": "✗", "cancelled": "⊘", "pending": "…", "destroyed": "☓"}
"""The symbol for each outcome of a task."""


def seconds(time: float) -> str:
    """Return a time as readers see it: `1.500 s`."""
    return f"{time:.3f} s"


def describe_outcome(task: Task) -> str:
    """Return how a task ended, in a word or two."""
    words = {
        "raised": f"failed: {task.error}",
        "pending": "still pending",
        "destroyed": "destroyed while pending",
    }
    return words.get(task.outcome, task.outcome)


def cut_notices(trace: Trace) -> list[tuple[float, str]]:
    """Return what the record leaves out because a limit was reached.

    Returns:
        For each limit, the time (seconds) from which something is missing, and a sentence. Empty
        if the record is complete.
    """
    found = []
    if trace.tasks_cut is not None:
        found.append(
            (
                trace.tasks_cut,
                (
                    f"Only the first {len(trace.tasks):,} tasks are recorded; later ones are"
                    " missing."
                ),
            )
        )
    if trace.steps_cut is not None:
        found.append(
            (
                trace.steps_cut,
                f"The record ends here, after {len(trace.steps):,} steps; the program went on.",
            )
        )
    return found


def cut_notice(trace: Trace) -> str:
    """Return the sentences of `cut_notices`, one after the other."""
    return " ".join(text for _, text in cut_notices(trace))


def lines_notice(trace: Trace) -> str:
    """Return a sentence on lines, or values, that the record leaves out; empty if it has all."""
    what = {"lines": trace.lines_cut, "values of variables": trace.values_cut}
    cut = {name: step for name, step in what.items() if step is not None}
    if not cut:
        return ""
    time = trace.steps[min(cut.values())].time
    return f"From {seconds(time)} on, {' and '.join(cut)} are missing: there were too many."


def stop_notices(trace: Trace) -> list[str]:
    """Return a sentence on why loopscope ended the program; none if it did not."""
    return [f"loopscope ended it: {trace.stopped}"] if trace.stopped else []
