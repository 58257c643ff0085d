"""What the views look up in a trace's output, by step and by line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from .model import Output, Step


class OutputIndex:
    """The lookups of one trace's output. Steps and lines are identified by index."""

    def __init__(self, output: Sequence[Output], steps: Sequence[Step]) -> None:
        self._output, self._steps = output, steps

    def of_step(self, index: int) -> Sequence[tuple[int, Output]]:
        """Return the pieces of output of a step, each with its index in the whole output."""
        return self._pieces_of_step.get(index, ())

    @cached_property
    def _pieces_of_step(self) -> dict[int | None, list[tuple[int, Output]]]:
        pieces_of_step: dict[int | None, list[tuple[int, Output]]] = {}
        for number, piece in enumerate(self._output):
            pieces_of_step.setdefault(piece.step, []).append((number, piece))
        return pieces_of_step

    @cached_property
    def lines(self) -> list[Output]:
        """The output cut into lines, each with the time, task, line and step of its first piece.

        The two streams do not share a line.
        """
        return [
            Output(first.time, first.stream, first.task, first.line, "".join(texts), first.step)
            for first, texts, _ in self._lines
        ]

    @cached_property
    def _lines(self) -> list[tuple[Output, list[str], int | None]]:
        """Each line of output: its first piece, its parts, and the last step that printed one."""
        lines: list[tuple[Output, list[str], int | None]] = []
        for piece in self._output:
            for text in piece.text.splitlines(keepends=True):
                if (
                    lines
                    and lines[-1][0].stream == piece.stream
                    and not lines[-1][1][-1].endswith("\n")
                ):
                    first, texts, step = lines[-1]
                    texts.append(text)
                    lines[-1] = (first, texts, max(step, piece.step, key=_in_order))
                else:
                    lines.append((piece, [text], piece.step))
        return lines

    def numbers_of_step(self, index: int) -> list[tuple[int, int | None]]:
        """Return the lines of output of a step: their numbers, and the program's line of each."""
        return self._numbers_of_step.get(index, [])

    @cached_property
    def _numbers_of_step(self) -> dict[int | None, list[tuple[int, int | None]]]:
        numbers: dict[int | None, list[tuple[int, int | None]]] = {}
        for number, line in enumerate(self.lines):
            numbers.setdefault(line.step, []).append((number, line.line))
        return numbers

    def lines_before(self, index: int) -> int | None:
        """Return how many lines there are when a step inside another begins.

        Returns:
            None if that is not known: without output of its own, nothing tells whether the step
            around it printed something before or afterwards.
        """
        own = range(index, self._last_inside(index) + 1)
        return next((number for number, line in enumerate(self.lines) if line.step in own), None)

    def lines_after(self, index: int) -> int:
        """Return how many lines there are when a step has ended."""
        return self._lines_after[index]

    @cached_property
    def _lines_after(self) -> dict[int, int]:
        lines = self.lines
        last = {step: number for number, (_, _, step) in enumerate(self._lines, 1)}
        counts, count = {}, 0
        # in the order in which they end: a step that ran inside another ended before it
        for index in sorted(
            range(len(self._steps)), key=lambda index: (self._last_inside(index), -index)
        ):
            count = max(
                [
                    count,
                    *(last.get(inside, 0) for inside in range(index, self._last_inside(index) + 1)),
                ]
            )
            while (
                count < len(lines)
                and lines[count].step is None
                and lines[count].time <= self._steps[index].end
            ):
                count += 1
            counts[index] = count
        return counts

    def _last_inside(self, index: int) -> int:
        """Return the last step that ran inside a step, at any depth, or the step itself."""
        last = index
        while (
            last + 1 < len(self._steps)
            and (within := self._steps[last + 1].within) is not None
            and within >= index
        ):
            last += 1
        return last


def _in_order(step: int | None) -> int:
    """Return a key that orders steps, with None before all of them."""
    return -1 if step is None else step
