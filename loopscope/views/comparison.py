"""Two runs as one, so that a single timeline shows both on the same axis."""

from __future__ import annotations

from dataclasses import replace

from ..trace.model import Output, Step, Task, Trace


def side_by_side(first: Trace, second: Trace) -> Trace:
    """Return a record that holds the tasks, steps and output of two runs.

    Tasks of the second run come after those of the first. Steps are in order of time, so what
    happened at the same time stands at the same place. It is a record to be drawn: two of its steps
    may overlap.
    """
    shift = len(first.tasks)
    order = sorted(
        [(step.time, 0, number) for number, step in enumerate(first.steps)]
        + [(step.time, 1, number) for number, step in enumerate(second.steps)]
    )
    places = {(run, number): place for place, (_, run, number) in enumerate(order)}

    def task(number: int | None, run: int) -> int | None:
        return None if number is None else number + shift * run

    def entry(one: int | str, run: int) -> int | str:
        return one + shift * run if isinstance(one, int) else one

    def moved(step: Step, run: int) -> Step:
        return replace(
            step,
            task=task(step.task, run),
            ready=tuple(entry(one, run) for one in step.ready),
            timers=tuple((due, entry(one, run)) for due, one in step.timers),
            within=None if step.within is None else places[run, step.within],
            ready_before=None,
        )

    def printed(piece: Output, run: int) -> Output:
        step = None if piece.step is None else places[run, piece.step]
        return replace(piece, task=task(piece.task, run), step=step)

    def created(one: Task) -> Task:
        return replace(one, id=one.id + shift, parent=task(one.parent, 1))

    runs = (first, second)
    cuts = [run.steps_cut for run in runs if run.steps_cut is not None]
    return replace(
        first,
        file=f"{first.file} and {second.file}",
        duration=max(run.duration for run in runs),
        tasks=(*first.tasks, *map(created, second.tasks)),
        steps=tuple(moved(runs[run].steps[number], run) for _, run, number in order),
        output=tuple(
            sorted(
                (printed(piece, place) for place, run in enumerate(runs) for piece in run.output),
                key=lambda piece: piece.time,
            )
        ),
        steps_cut=min(cuts, default=None),
    )
