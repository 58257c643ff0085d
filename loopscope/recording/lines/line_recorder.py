"""Records which lines of the program's file run in each step, and the values of variables there.

The lines come from a source (see `line_sources`). A line belongs to the innermost open step of its
thread; what runs outside of steps, before the loop or in a worker thread, is not recorded. Each row
is sent before its line runs, so that a program that is killed keeps its lines up to the end.

No frame and no value is kept, only numbers and texts.
"""

from __future__ import annotations

import functools
import itertools
import sys
import types
from _thread import get_ident
from asyncio import tasks
from collections.abc import Callable
from typing import Any

from ...limits import MAX_CHANGES, MAX_COUNTED_LINES, MAX_LINES
from ...trace.events import Instrumented, LineLimitKind, LinesCut
from .. import compat
from ..eager import TaskCreation
from ..handles import is_done
from ..interrupts import handler_traceback
from ..open_steps import OpenStep, OpenSteps, WatchedSteps
from ..ready_queue import queue_of
from ..recorder import Recorder
from . import frame_values, line_sources
from .frame_values import Code, Values
from .known_frames import KnownFrame, KnownFrames
from .line_rows import LineRows, NewValue, StepLines

# Bound here because the program may replace any of these.
_current_task = tasks.current_task
_running_loop = compat.running_loop
_MAX_CALLERS = 30  # of the program's frames around a line, those that are looked at
_MAX_WAITING = 12  # tasks whose variables are looked at when another one's step ends
_MAX_IDLE_STEPS = 1_000  # steps after which that is done although no line has run in them


class LineRecorder:
    """Records lines and values for a recorder, as a `line_sources.Watcher`.

    All methods but `install` are called with the recorder's lock held.
    """

    def __init__(self, recorder: Recorder) -> None:
        """Prepare to record."""
        self._recorder = recorder
        self._steps: OpenSteps = recorder.steps
        self._source: line_sources.Source = line_sources.NO_LINES
        self._values = Values(recorder.tasks.known_name)
        self._frames = KnownFrames()
        self._module: KnownFrame | None = None  # its variables are the globals
        self._open: dict[int, StepLines] = {}  # by the step's number
        # Of tasks that have started eagerly, and whose steps have no numbers yet.
        self._creating: dict[TaskCreation, StepLines] = {}
        self._suspended: dict[int, Any] = {}  # references to tasks, by number
        self._rows = LineRows(recorder.send, recorder.flush, recorder.now)
        self._changes = self._outside = self._idle_steps = 0
        self._has_values = True
        self._is_over = False

    def install(self) -> None:
        """Record lines from now on."""
        source = line_sources.make(self, self._guarded_call)
        if source is None:
            self._recorder.note("its lines were not recorded: all tools for monitoring are taken")
            return
        try:
            frame_values.prepare()
        except ImportError as problem:
            self._recorder.note(f"values of variables were not recorded: {problem}")
            self._has_values = False
        self._source = source
        began = functools.partial(self._attempt, self._step_began)
        ended = functools.partial(self._attempt, self._step_ended)
        self._steps = self._recorder.steps = WatchedSteps(self._recorder, began, ended)
        self._recorder.send(Instrumented())
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Find the code of the program's file, which the interpreter is about to execute."""
        if event == "exec" and self._module is None:
            code = arguments[0]
            if type(code) is types.CodeType and code.co_name == "<module>":
                self._guarded_call(self._find_codes, code)

    def _find_codes(self, module: types.CodeType) -> None:
        """Watch the functions of a module, if it is the program's file."""
        if module.co_filename == self._recorder.program:
            codes = [*line_sources.codes_within(module)]
            self._frames.set_codes(codes)
            self._values.set_codes(codes)
            self._source.watch(codes)
            self._module = KnownFrame(Code(module))

    def _guarded_call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call a method so that the program does not notice (see `Guard.guarded_call`)."""
        return self._recorder.guarded_call(self._attempt, function, *arguments)

    def _attempt(self, function: Callable[..., object], *arguments: object) -> object:
        """Call a method. What goes wrong there ends the recording of lines alone."""
        try:
            return function(*arguments)
        except Exception as problem:
            if isinstance(problem, RecursionError) or handler_traceback(problem) is not None:
                raise  # the program's own
            self._is_over = True
            self._source.switch_off()
            cause = f"{type(problem).__name__}: {problem}"
            self._recorder.note(f"later lines could not be recorded: {cause}")
            return None

    # What `WatchedSteps` reports

    def _step_began(self, step: OpenStep) -> None:
        """Handle the beginning of a step."""
        if self._is_over:
            return
        lines = StepLines(step)
        for creation in self._no_longer_being_created() if self._creating else ():
            held = self._creating.pop(creation)
            if step.eager:  # otherwise the creation has failed
                lines = held
        if lines.number is None:
            self._rows.release(lines, step)
        if step.recorded:
            self._open[step.number] = lines
        if step.task_number is not None:
            self._suspended.pop(step.task_number, None)
        self._outside = 0
        if self._source.switch_on():
            self._frames.forget_all()

    def _step_ended(self, step: OpenStep) -> None:
        """Handle the end of a step, just before that is announced."""
        lines = self._open.pop(step.number, None)
        if lines is None or self._is_over:
            return
        if lines.more:
            self._rows.send_count(lines)
        if step.task_number is not None:
            self._suspended[step.task_number] = step.task
        self._idle_steps += not lines.rows
        if not self._has_values or (not lines.rows and self._idle_steps > _MAX_IDLE_STEPS):
            return
        changes = self._changes_in(self._suspended_frames(step), lines)
        if changes:
            self._add_row(lines, None, None, changes)

    def _suspended_frames(self, step: OpenStep) -> list[Any]:
        """Return the frames of a step's own task, and of the first ones of those that wait."""
        numbers = dict.fromkeys(itertools.islice(self._suspended, _MAX_WAITING))
        if step.task_number is not None:
            numbers = {step.task_number: None} | numbers
        frames: list[Any] = []
        for number in numbers:
            task = self._suspended[number]()
            if task is None or is_done(task):
                del self._suspended[number]
            else:
                frames += self._frames.of_task(task, number, step)
        return frames

    # What the source reports

    def started(self, frame: Any) -> None:
        """Handle the start of a frame."""
        self._frames.started(frame)

    def resumed(self, frame: Any) -> None:
        """Handle that a suspended frame goes on."""
        known, lines = self._frames.find(frame), self._lines_of_this_thread()
        if known is not None:
            known.stood_at = None
            if lines is not None:
                self._frames.see(known, frame, lines, lines.task)

    def reached(self, frame: Any, line: int) -> None:
        """Handle that a line is about to run."""
        known, lines = self._frames.find(frame), self._lines_of_this_thread()
        if known is None or lines is None:
            self._ignore()
            return
        stood_at, known.stood_at = known.stood_at, None
        self._frames.see(known, frame, lines, lines.task)
        if stood_at == line:
            return  # 3.13 and later report the line anew where an exception is thrown in
        if not lines.are_full:
            around = self._frames.around(frame, _MAX_CALLERS) if self._has_values else []
            self._add_row(lines, known, line, self._changes_in(around, lines))
        elif not lines.are_counted:
            self._rows.count(lines, line)
        else:
            self._source.switch_off()

    def suspends(self, frame: Any) -> None:
        """Handle that a frame is about to yield."""
        self._leaves(frame)
        known = self._frames.find(frame)
        if known is not None:
            known.stood_at = frame.f_lineno

    def returns(self, frame: Any) -> None:
        """Handle that a frame is about to return."""
        self._leaves(frame)
        self._frames.ended(frame)

    def _leaves(self, frame: Any) -> None:
        """Send what the last line of a frame has changed, before the frame yields or returns."""
        known, lines = self._frames.find(frame), self._lines_of_this_thread()
        if known is None or lines is None or lines.are_full or not self._has_values:
            return
        self._frames.see(known, frame, lines, lines.task)
        changes = self._changes_in(self._frames.around(frame, _MAX_CALLERS), lines)
        if changes:
            self._add_row(lines, known, None, changes)

    def _lines_of_this_thread(self) -> StepLines | None:
        """Return the lines of the innermost open step of this thread, if it is recorded."""
        opened = self._steps.by_thread.get(get_ident())
        if not opened:
            return None
        if isinstance(opened[-1], TaskCreation) and self._has_started_eagerly():
            return self._creating.setdefault(opened[-1], StepLines())
        step = next((entry for entry in reversed(opened) if isinstance(entry, OpenStep)), None)
        return None if step is None else self._open.get(step.number)

    def _has_started_eagerly(self) -> bool:
        """Whether this thread runs a task that has not been announced, as it is being created."""
        loop = _running_loop()
        task = None if loop is None else _current_task(loop)
        return task is not None and id(task) not in self._recorder.tasks.numbers

    def _no_longer_being_created(self) -> list[TaskCreation]:
        """Return of which tasks that have started eagerly the steps have been announced."""
        open_now = [entry for opened in self._steps.by_thread.values() for entry in opened]
        return [creation for creation in self._creating if creation not in open_now]

    def _ignore(self) -> None:
        """Handle a line that belongs to no step; many of them would slow the program down."""
        self._outside += 1
        if self._outside > MAX_COUNTED_LINES:
            self._source.switch_off()

    # Values

    def _changes_in(self, frames: list[Any], lines: StepLines) -> list[NewValue]:
        """Return what has changed in frames, and among the globals, since it was sent last.

        Once that has become too much, nothing is any more.
        """
        looked_at: list[tuple[KnownFrame, dict[str, str]]] = []
        for frame in frames if self._has_values else ():
            known = self._frames.find(frame)
            if known is not None:
                looked_at.append((known, self._values.of_frame(known.code, frame)))
        if looked_at and self._module is not None:
            looked_at.append((self._module, self._values.of_module(frames[0].f_globals)))
        changes: list[NewValue] = []
        for known, texts in looked_at:
            if texts != known.texts:
                changes += [
                    (known, name, texts.get(name))
                    for name in {**known.texts, **texts}
                    if known.texts.get(name) != texts.get(name)
                ]
        if self._changes + len(changes) > MAX_CHANGES:
            self._cut("values", lines)
            return []
        self._changes += len(changes)
        for known, texts in looked_at:
            known.texts = texts
        return changes

    # What is sent

    def _add_row(
        self, lines: StepLines, known: KnownFrame | None, line: int | None, values: list[NewValue]
    ) -> None:
        """Send a row, if there is still room for it."""
        queue = queue_of(_running_loop())
        ready = None if queue is None else queue.live_count()
        if not self._rows.add(lines, known, line, values, ready):
            self._cut("lines", lines)

    def _cut(self, what: LineLimitKind, lines: StepLines) -> None:
        """Record no more lines, or no more values."""
        number = self._steps.begun if lines.number is None else lines.number
        self._recorder.send(LinesCut(what, number))
        self._has_values = False
        if what == "values":
            self._recorder.note(f"only the first {MAX_CHANGES} changes of variables were recorded")
            return
        self._is_over = True
        self._recorder.note(f"only the first {MAX_LINES:,} lines were recorded")
        self._frames.forget_all()
        self._source.switch_off()
