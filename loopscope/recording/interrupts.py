"""Exceptions that the program's signal handlers raise while code of loopscope runs.

They belong to the program and must reach it. Ctrl-C should look as if it had come a moment later:
`defer_interrupt` returns an object to keep in a local variable of loopscope's outermost function.
When that function returns, the object is destroyed and raises the interrupt again, in the program's
own frame, so the traceback shows no frame of loopscope.

Other exceptions of handlers cannot be deferred. They are told apart from loopscope's own failures
and raised again at once.
"""

from __future__ import annotations

import _thread
import functools
import os
import signal
import types

_LOOPSCOPE = os.path.dirname(os.path.dirname(__file__)) + os.sep
_STDLIB = os.path.dirname(os.__file__) + os.sep
_SITE_PACKAGES = tuple(_STDLIB + name + os.sep for name in ("site-packages", "dist-packages"))
_getsignal, _default = signal.getsignal, signal.default_int_handler


class _DeferredInterrupt:
    """Interrupts the program when it is destroyed."""

    __slots__ = ()
    # Not a Python function, whose own frame would be interrupted.
    __del__ = staticmethod(functools.partial(_thread.interrupt_main, signal.SIGINT))


def can_be_deferred() -> bool:
    """Whether an interrupt can be deferred.

    One that a handler of the program's raised cannot: the handler must not run twice.
    """
    return _getsignal(signal.SIGINT) is _default


def defer_interrupt(problem: KeyboardInterrupt) -> object:
    """Defer an interrupt.

    Returns:
        An object that interrupts the program when it is destroyed.

    Raises:
        KeyboardInterrupt: `problem` itself, if it cannot be deferred.
    """
    if not can_be_deferred():
        raise problem
    return _DeferredInterrupt()


def handler_traceback(problem: BaseException) -> types.TracebackType | None:
    """Return the part of a traceback that begins in a signal handler of the program's, or None.

    Loopscope never calls the program's code. So an inner frame that belongs neither to loopscope
    nor to the standard library is that of a signal handler, or of something that a handler called.
    """
    trace = problem.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith((_LOOPSCOPE, "<frozen ")) and (
            not file.startswith(_STDLIB) or file.startswith(_SITE_PACKAGES)
        ):
            return trace
        trace = trace.tb_next
    return None
