"""What signal handlers of the program's raise while code of ours runs: it is the program's, and has to reach it.

Ctrl-C must look as if it had come a moment later. In:  the `KeyboardInterrupt` that came in. Out: an object to hold in a local variable
of the outermost function of ours. When that function is left the object goes, and with it comes the interrupt again: in the program's own
frame, so that no frame of ours stands in the traceback.

Anything else that a handler raises can't be put off; it is told from what goes wrong in code of ours.
"""

from __future__ import annotations

import _thread
import functools
import os
import signal
import types

_OURS = os.path.dirname(__file__) + os.sep
_LIBRARY = os.path.dirname(os.__file__) + os.sep
_PACKAGES = tuple(_LIBRARY + name + os.sep for name in ("site-packages", "dist-packages"))
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


def frames_of_a_handler(problem: BaseException) -> types.TracebackType | None:
    """The part of a traceback that a signal handler of the program's has left in it; None where there is none.

    Code of ours calls nothing of the program's. So a frame that is neither ours nor of the standard library, on top of ours, is that of a
    handler, or of what a handler called.
    """
    trace = problem.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith((_OURS, "<frozen ")) and (not file.startswith(_LIBRARY) or file.startswith(_PACKAGES)):
            return trace
        trace = trace.tb_next
    return None
