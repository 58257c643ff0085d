"""Notices which lines of the program's file run: by `sys.monitoring`, or by `sys.settrace`.

From Python 3.12 on, local events on the code of the program's file report to nobody else and leave
library code alone. Before, there is only `sys.settrace`, which a program can see (`gettrace`), and
replace: a tool of its own that traces is left alone.

Nothing is noticed until the first step begins, so what runs before the loop is as fast as ever.
"""

from __future__ import annotations

import opcode
import sys
import types
from _thread import get_ident
from collections.abc import Callable, Iterator
from typing import Any, Protocol

# Bound here because the program may replace any of these.
_getframe = sys._getframe
_settrace, _gettrace = sys.settrace, sys.gettrace
_TOOLS = (5, 3)  # 4 is that of `eager`; a program that wants a free one takes 3, or 0 to 2


class Watcher(Protocol):
    """Whom a source reports to. Each call is made in the program's thread, on top of its frame."""

    def started(self, frame: Any) -> object:
        """Handle the start of a frame."""

    def resumed(self, frame: Any) -> object:
        """Handle that a suspended frame goes on."""

    def reached(self, frame: Any, line: int) -> object:
        """Handle that a line is about to run."""

    def suspends(self, frame: Any) -> object:
        """Handle that a frame is about to yield."""

    def returns(self, frame: Any) -> object:
        """Handle that a frame is about to return."""


Guarded = Callable[..., object]
"""Calls a method of the watcher so that the program does not notice (see `Guard.guarded_call`)."""


class Source(Protocol):
    """Reports lines to a watcher."""

    def watch(self, codes: list[types.CodeType]) -> None:
        """Learn which functions are to be watched."""

    def switch_on(self) -> bool:
        """Report from now on, in this thread at least.

        Returns:
            Whether frames may have come and gone unnoticed meanwhile.
        """

    def switch_off(self) -> None:
        """Report nothing until `switch_on`."""


class _NoLines:
    """Reports nothing."""

    def watch(self, codes: list[types.CodeType]) -> None:
        """Do nothing."""

    def switch_on(self) -> bool:
        """Do nothing."""
        return False

    def switch_off(self) -> None:
        """Do nothing."""


NO_LINES = _NoLines()
"""The source until there is another one."""


def make(watcher: Watcher, guarded: Guarded) -> Source | None:
    """Return the source for this Python; None if all tools for monitoring are taken."""
    monitoring: Any = getattr(sys, "monitoring", None)
    if monitoring is None:
        return TracedLines(watcher, guarded)
    tool = next((tool for tool in _TOOLS if monitoring.get_tool(tool) is None), None)
    return None if tool is None else MonitoredLines(watcher, guarded, monitoring, tool)


def codes_within(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield the code of all functions and classes in a module."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from codes_within(constant)


class MonitoredLines:
    """Reports lines by `sys.monitoring` (Python 3.12).

    `_kept` holds what must outlive these frames (see `Guard.guarded_call`). A program at the end of
    its stack has its RecursionError at its own next call, not here.
    """

    def __init__(self, watcher: Watcher, guarded: Guarded, monitoring: Any, tool: int) -> None:
        self._watcher, self._guarded = watcher, guarded
        self._monitoring, self._tool = monitoring, tool
        self._set_local_events = monitoring.set_local_events
        self._codes: list[types.CodeType] = []
        self._is_on = self._was_on = False
        events = monitoring.events
        # On 3.13 and later, LINE alone misses functions of a single line.
        callbacks = {
            events.PY_START: self._on_start,
            events.PY_RESUME: self._on_resume,
            events.LINE: self._on_line,
            events.PY_YIELD: self._on_yield,
            events.PY_RETURN: self._on_return,
        }
        self._events = sum(callbacks)
        monitoring.use_tool_id(tool, "loopscope lines")
        for event, callback in callbacks.items():
            monitoring.register_callback(tool, event, callback)

    def watch(self, codes: list[types.CodeType]) -> None:
        """Learn which functions are to be watched."""
        self._codes = codes

    def switch_on(self) -> bool:
        """Report from now on; see `Source`."""
        if self._is_on:
            return False
        self._set_events(self._events)
        self._is_on, missed = True, self._was_on
        self._was_on = True
        return missed

    def switch_off(self) -> None:
        """Report nothing until `switch_on`."""
        if self._is_on:
            self._is_on = False
            self._set_events(0)

    def _set_events(self, events: int) -> None:
        # not by returning DISABLE, which only `restart_events` undoes, for all tools at once
        for code in self._codes:
            self._set_local_events(self._tool, code, events)

    def _on_start(self, code: Any, offset: int) -> None:
        try:
            _kept = self._guarded(self._watcher.started, _getframe(1))
        except RecursionError:
            return

    def _on_resume(self, code: Any, offset: int) -> None:
        try:
            _kept = self._guarded(self._watcher.resumed, _getframe(1))
        except RecursionError:
            return

    def _on_line(self, code: Any, line: int) -> None:
        try:
            _kept = self._guarded(self._watcher.reached, _getframe(1), line)
        except RecursionError:
            return

    def _on_yield(self, code: Any, offset: int, value: Any) -> None:
        try:
            _kept = self._guarded(self._watcher.suspends, _getframe(1))
        except RecursionError:
            return

    def _on_return(self, code: Any, offset: int, value: Any) -> None:
        try:
            _kept = self._guarded(self._watcher.returns, _getframe(1))
        except RecursionError:
            return


class TracedLines:
    """Reports lines by `sys.settrace` (Python 3.10 and 3.11)."""

    def __init__(self, watcher: Watcher, guarded: Guarded) -> None:
        self._watcher, self._guarded = watcher, guarded
        self._starts: dict[int, int] = {}  # by `id()` of a code object, where its frames start
        self._threads: set[int] = set()
        self._is_off = False
        self._global, self._local = self._on_call, self._on_event

    def watch(self, codes: list[types.CodeType]) -> None:
        """Learn which functions are to be watched. The caller keeps them alive."""
        self._starts = {id(code): _start_of(code) for code in codes}

    def switch_on(self) -> bool:
        """Report from now on in this thread; see `Source`.

        The interpreter stops tracing when the program's stack is used up, so this is called again
        and again.
        """
        missed, self._is_off = self._is_off, False
        if _gettrace() is None:  # neither this nor one of the program's own
            thread = get_ident()
            missed = missed or thread in self._threads
            self._threads.add(thread)
            _settrace(self._global)
        return missed

    def switch_off(self) -> None:
        """Report nothing until `switch_on`."""
        self._is_off = True
        if _gettrace() is self._global:
            _settrace(None)

    def _on_call(self, frame: Any, event: str, argument: Any) -> Any:
        """Handle that any frame starts or goes on."""
        start = self._starts.get(id(frame.f_code))
        if start is None or self._is_off:
            return None
        watcher = self._watcher
        try:
            handle = watcher.started if frame.f_lasti == start else watcher.resumed
            _kept = self._guarded(handle, frame)
        except RecursionError:
            return self._local
        return self._local

    def _on_event(self, frame: Any, event: str, argument: Any) -> Any:
        """Handle an event in a frame of the program's."""
        if self._is_off:
            return self._local
        watcher = self._watcher
        try:
            if event == "line":
                _kept = self._guarded(watcher.reached, frame, frame.f_lineno)
            elif event == "return":
                # A generator or coroutine may only yield, which looks the same.
                suspends = frame.f_code.co_flags & _SUSPENDABLE
                handle = watcher.suspends if suspends else watcher.returns
                _kept = self._guarded(handle, frame)
        except RecursionError:
            return self._local
        return self._local


_RESUME = opcode.opmap.get("RESUME")  # since 3.11
_SUSPENDABLE = 0x20 | 0x80 | 0x100 | 0x200  # generators, coroutines and what is like them


def _start_of(code: types.CodeType) -> int:
    """Return the position (`f_lasti`) at which tracing reports that a frame starts."""
    return -1 if _RESUME is None else 2 * code.co_code[::2].index(_RESUME)
