"""Words about a record that several views use.

In:  a `Trace`, or a part of it. Out: text.
"""

from __future__ import annotations

from ..trace.model import Task, Trace

SYMBOLS = {"returned": "✓", "raised": "✗", "cancelled": "⊘", "pending": "…", "destroyed": "☓"}
"""A sign for each outcome of a task."""


def seconds(time: float) -> str:
    """A time as readers see it: `1.500 s`."""
    return f"{time:.3f} s"


def outcome(task: Task) -> str:
    """How a task ended, in a word or two."""
    words = {
        "raised": f"failed: {task.error}",
        "pending": "still pending",
        "destroyed": "destroyed while pending",
    }
    return words.get(task.outcome, task.outcome)


def cuts(trace: Trace) -> list[tuple[float, str]]:
    """What the record leaves out because a limit was reached: from which time on, and a sentence
    about it.

    Empty where all is there.
    """
    found = []
    if trace.tasks_cut is not None:
        found.append(
            (
                trace.tasks_cut,
                (
                    f"Only the first {len(trace.tasks):,} tasks are recorded; of later ones nothing"
                    " is told."
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


def cut(trace: Trace) -> str:
    """The sentences of `cuts`, one after the other."""
    return " ".join(text for _, text in cuts(trace))


def stop(trace: Trace) -> list[str]:
    """That loopscope ended the program, and why; empty where it did not."""
    return [f"loopscope ended it: {trace.stopped}"] if trace.stopped else []
