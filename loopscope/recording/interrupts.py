"""Exceptions that the program's signal handlers raise while code of ours runs. They belong to the
program and must reach it.

Ctrl-C should look as if it had come a moment later. In:  the `KeyboardInterrupt`. Out: an object to
keep in a local variable of our outermost function. When that function returns, the object is
destroyed and raises the interrupt again, in the program's own frame, so the traceback shows none of
ours.

Other exceptions of handlers can't be postponed. They are told apart from our own failures and
raised again at once.
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
    __slots__ = ()
    # No Python function: it would have a frame, and be what is interrupted.
    __del__ = staticmethod(functools.partial(_thread.interrupt_main, signal.SIGINT))


def can_be_deferred() -> bool:
    """Whether an interrupt can be put off. One that a handler of the program's raised cannot: the
    handler must not run twice.
    """
    return _getsignal(signal.SIGINT) is _default


def defer_interrupt(problem: KeyboardInterrupt) -> object:
    """Put an interrupt off. One that cannot be is passed on."""
    if not can_be_deferred():
        raise problem
    return _DeferredInterrupt()


def handler_traceback(problem: BaseException) -> types.TracebackType | None:
    """The part of a traceback that a signal handler of the program's has left in it; None where
    there is none.

    Our code never calls the program's. So a frame above ours that belongs neither to us nor to the
    standard library is a signal handler's, or that of something a handler called.
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
