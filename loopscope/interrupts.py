"""Ctrl-C that comes in while code of ours runs, and must look as if it had come a moment later.

In:  the `KeyboardInterrupt` that came in. Out: an object to hold in a local variable of the outermost function of ours. When that
function is left the object goes, and with it comes the interrupt again: in the program's own frame, so that no frame of ours stands in
the traceback.
"""

from __future__ import annotations

import _thread
import functools
import signal

_getsignal, _default = signal.getsignal, signal.default_int_handler


class _Later:
    __slots__ = ()
    # No Python function: it would have a frame, and be what is interrupted.
    __del__ = staticmethod(functools.partial(_thread.interrupt_main, signal.SIGINT))


def later(problem: KeyboardInterrupt) -> object:
    """Put an interrupt off. One that a handler of the program's raised is passed on: the handler must not run twice."""
    if _getsignal(signal.SIGINT) is not _default:
        raise problem
    return _Later()
