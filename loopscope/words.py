"""The run told in words, step by step.

In:  a `Trace` and the program's source. Out: `Told` sentences, in order; bookkeeping of asyncio's own is folded into the step that it causes.
"""

from __future__ import annotations

from dataclasses import dataclass

from .trace import BLOCKED, Step, Task, Trace


@dataclass(frozen=True)
class Told:
    """One sentence and the steps (indices) that it tells of."""

    time: float
    text: str  # with `code` in backquotes
    steps: tuple[int, ...]


def seconds(time: float) -> str:
    """A time as readers see it: `1.500 s`."""
    return f"{time:.3f} s"


def called(task: Task) -> str:
    """A task as sentences call it."""
    return task.name


def is_bookkeeping(trace: Trace, index: int) -> bool:
    """Whether a step only keeps asyncio's books: it runs a callback of asyncio's own and prints nothing."""
    step = trace.steps[index]
    if step.kind == "task":
        return step.task is not None and trace.task(step.task).internal
    return (step.what or "").rsplit(".", 1)[-1].startswith("_") and not any(piece.step == index for piece in trace.output)


def tell(trace: Trace, source: str) -> list[Told]:
    """Every step that matters to a reader, as a sentence."""
    lines = source.splitlines()
    told: list[Told] = []
    folded: list[int] = []
    started: set[int] = set()
    for index, step in enumerate(trace.steps):
        if is_bookkeeping(trace, index):
            folded.append(index)
            continue
        cause = _due(trace, [trace.steps[earlier] for earlier in folded])
        if step.kind == "task" and step.task is not None:
            task = trace.task(step.task)
            text = _task_step(trace, index, step, task, lines, first=step.task not in started)
            started.add(step.task)
        else:
            text = f"The {'timer' if step.kind == 'timer' else 'callback'} `{step.what}` runs" + _deeds(trace, index, step, None) + "."
        told.append(Told(step.time, f"{cause}{text}", (*folded, index)))
        folded = []
    return told


def _due(trace: Trace, steps: list[Step]) -> str:
    """What the folded steps before this one did that a reader wants to know: timers that fell due."""
    due: list[str] = []
    before: set[int | str] = set()
    for step in steps:
        if step.kind == "timer":
            due += [called(trace.task(number)) for number in step.ready if isinstance(number, int) and number not in before]
        before |= set(step.ready)
    due = list(dict.fromkeys(due))
    if not due:
        return ""
    return f"The timer of {due[0]} is due. " if len(due) == 1 else f"The timers of {', '.join(due[:-1])} and {due[-1]} are due. "


def _task_step(trace: Trace, index: int, step: Step, task: Task, lines: list[str], first: bool) -> str:
    name = called(task)
    begins = f"{name} (`{task.coro}`) starts" if first else f"{name} goes on" + _at(step.resumed, lines)
    deeds = _deeds(trace, index, step, task)
    last = not any(later.task == task.id for later in trace.steps[index + 1 :])
    if last and task.outcome == "returned":
        end = "returns"
    elif last and task.outcome == "raised":
        end = f"ends with {task.error}"
    elif last and task.outcome == "cancelled":
        end = "ends, cancelled"
    elif step.waits == "its next turn":
        end = "lets the others have a turn" + _at(step.left, lines)
    elif step.waits:
        end = f"waits for {_object(step.waits)}" + _at(step.left, lines)
    else:
        end = ""
    return f"{begins}{deeds}{' and ' + end if end else ''}."


def _deeds(trace: Trace, index: int, step: Step, task: Task | None) -> str:
    deeds = []
    if step.end - step.time >= BLOCKED:
        deeds.append(f"holds the loop for {seconds(step.end - step.time)}")
    if task is not None:
        born = [child for child in trace.tasks if child.parent == task.id and step.time <= child.created <= step.end]
        if len(born) > 3:
            deeds.append(f"creates {len(born)} tasks")
        elif born:
            deeds.append("creates " + ", ".join(f"{called(child)} (`{child.coro}`)" for child in born))
    printed = "".join(piece.text for piece in trace.output if piece.step == index).splitlines()
    if printed:
        shown = [f"`{line}`" for line in printed[:3]]
        deeds.append("prints " + ", ".join(shown) + (f" and {len(printed) - 3} more lines" if len(printed) > 3 else ""))
    return "".join(f", {deed}" for deed in deeds)


def _at(line: int | None, lines: list[str]) -> str:
    return f" at `{lines[line - 1].strip()}`" if line and line <= len(lines) else ""


def _object(waits: str) -> str:
    """`sleep 1 s` reads as it is; a primitive wants its article."""
    if waits.startswith("sleep "):
        return f"{waits[6:]} to pass"
    return f"its {waits}" if waits == "TaskGroup" else waits
