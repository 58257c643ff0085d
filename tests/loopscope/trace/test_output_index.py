"""What the views look up in a trace's output."""

from __future__ import annotations

from loopscope import Output, Step
from loopscope.trace.output_index import OutputIndex


def test_lines_count_for_the_last_step_that_printed_a_part_of_them() -> None:
    output = (
        Output(0.5, "stdout", 1, 1, "one ", 0),
        Output(1.5, "stderr", 1, 2, "between\n", 1),
        Output(2.5, "stdout", 1, 3, "two\nthree ", 2),
        Output(3.5, "stdout", 1, 4, "four\n", 3),
    )
    steps = [
        Step(float(number), number + 1.0, "task", 1, None, None, None, None) for number in range(4)
    ]
    index = OutputIndex(output, steps)
    assert [(line.text, line.step) for line in index.lines] == [
        ("one ", 0),
        ("between\n", 1),
        ("two\n", 2),
        ("three four\n", 2),
    ]
    assert [index.lines_after(number) for number in range(4)] == [1, 2, 3, 4]
