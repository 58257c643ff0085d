"""Turns what was received from a program, and how its process ended, into a `Trace`."""

from __future__ import annotations

import dataclasses
import os
import platform
import re
import signal
from typing import get_args

from ..limits import EXIT_STOPPED, EXIT_TIMED_OUT
from ..trace.assembly import assemble
from ..trace.encoding import encodable
from ..trace.events import Event, Printed, Stream
from ..trace.model import Trace
from .program import Program
from .receiver import Receiver


def build_trace(
    program: Program,
    received: Receiver,
    status: int | None,
    *,
    ran_after_close: bool,
    left_running: int,
) -> Trace:
    """Return the trace of a program that has ended.

    Args:
        program: What was run.
        received: All that it sent; the pipes have been drained.
        status: How the process ended, as `os.waitstatus_to_exitcode` reports it; None if it had
            to be killed.
        ran_after_close: Whether it went on after closing the pipe of its events.
        left_running: How many other processes it had left running.
    """
    notes = []
    if received.output_exceeded:
        received.stopped = received.stopped or too_much_output(received)
        notes.append("its output is cut off")
    if received.stopped and not received.stopped_by_program:
        code: int | str = EXIT_TIMED_OUT if "out of time" in received.stopped else EXIT_STOPPED
    elif status is not None and status < 0:
        code = _signal_name(-status)
    else:
        code = status or 0
        silent = not received.exiting and not received.stopped
        if silent and not program.shell and not received.unrecorded:
            notes.append(_explain_silent_end(received, code, ran_after_close))
    if left_running:
        notes.append(
            f"it left {left_running} process{'es' if left_running > 1 else ''} running;"
            f" {'they were' if left_running > 1 else 'it was'} ended"
        )
    trace = assemble(
        received.events,
        python=platform.python_version(),
        file=encodable(_displayed_file(program, received)),
        clock="real" if received.unrecorded else program.clock,
        duration=_duration(received),
        exit=code,
        stopped=received.stopped,
        notes=notes,
    )
    if "\\x" in trace.text() and _printed_invalid_utf8(received.events):
        trace = dataclasses.replace(
            trace,
            notes=(*trace.notes, "it wrote bytes that are not UTF-8; they are shown as \\x…"),
        )
    if code != 0 and received.exiting and received.exiting.error:
        error = _exception_line(trace.text("stderr"), received.exiting.error)
        trace = dataclasses.replace(trace, error=error)
    elif code != 0 and received.unrecorded:
        trace = dataclasses.replace(trace, error=_last_traceback_line(trace.text("stderr")))
    return trace


def too_much_output(received: Receiver) -> str:
    """Return the reason to end a program that printed too much."""
    return f"it printed more than {received.max_output:,} bytes"


def _duration(received: Receiver) -> int:
    """Seconds that the program ran, on its own clock."""
    if received.exiting is not None and received.exiting.at is not None:
        return received.exiting.at
    if received.on_virtual_clock:
        return received.last_event_at
    return max(received.elapsed(), received.last_event_at)


def _displayed_file(program: Program, received: Receiver) -> str:
    # The interpreter finds the file of a module or of a folder, and reports it. Path.is_dir would
    # raise where the folder may no longer be looked at.
    """Return what the trace calls the program's file."""
    found_by_interpreter = program.module or os.path.isdir(program.path)  # noqa: PTH112
    return (
        program.name
        or (received.file if found_by_interpreter else "")
        or program.code_name
        or program.path
    )


def _explain_silent_end(received: Receiver, code: int, ran_after_close: bool) -> str:
    """Explain why a program ended without its recording announcing that."""
    if not received.started:
        return (
            "nothing in it could be recorded: the interpreter did not load loopscope (options"
            " like -I, -E and -S keep it out)"
        )
    if ran_after_close:
        return (
            "it closed the descriptors that the recording writes to; what it did afterwards is"
            " not recorded"
        )
    return f"it ended itself without the interpreter's clean-up (os._exit({code}))"


def _signal_name(number: int) -> str:
    """Return the name of a signal."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _exception_line(stderr: str, kind: str) -> str:
    """Return the line in which the interpreter reported the exception that ended the program.

    Args:
        stderr: What the program printed to standard error.
        kind: The exception's type, which is returned if there is no such line.
    """
    pattern = re.compile(rf"(?:  \| )?((?:[\w.]+\.)?{re.escape(kind)}(?::.*)?)$")
    return next(
        (found[1] for line in reversed(stderr.splitlines()) if (found := pattern.match(line))), kind
    )


def _last_traceback_line(stderr: str) -> str | None:
    """Return the last line, if a traceback is the last thing that an interpreter printed."""
    last = stderr.rstrip().rpartition("\n")[2]
    has_traceback = "Traceback (most recent call last)" in stderr
    return last if has_traceback or re.match(r"\w*Error: ", last) else None


def _printed_invalid_utf8(events: list[Event]) -> bool:
    """Return whether the output of either stream is not UTF-8."""
    printed = [event for event in events if isinstance(event, Printed)]
    for stream in get_args(Stream):
        try:
            b"".join(event.data for event in printed if event.stream == stream).decode()
        except UnicodeDecodeError:
            return True
    return False
