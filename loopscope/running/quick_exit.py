"""Lets a forked program exit without destroying the modules that were imported before the fork.

An interpreter that exits clears all its modules. In a fork that writes to much of the memory that
it shares with the fork server, and the system has to copy each page written to: for a small
program, that is most of the work. So once the program and all exit callbacks have run, the shared
modules are moved out of `sys.modules`, to where the interpreter does not find them.

What the program made is destroyed as always, except for objects that only a shared module still
refers to, like a handler of the root logger. That can be noticed only if destroying such an object
runs code or reports something. If anything that could do so is left, wherever it is, nothing is
moved and the interpreter exits in the normal way. The one exception is an extension type that acts
when its memory is freed and has no finalizer (`__dealloc__` in Cython).
"""

from __future__ import annotations

import atexit
import gc
import sys
import types
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_KEPT = ("__main__", "builtins", "sys")  # the program's own, and what the interpreter needs
_STREAMS = ("stdin", "stdout", "stderr")

# bound now, because the program may put something else in their place
_getframe, _current_frames = sys._getframe, sys._current_frames
_get_objects, _get_debug = gc.get_objects, gc.get_debug
# Looking at a program's objects must not run its code (`__getattr__`, `__class__`, `__hash__`), so
# types are looked at by these functions, written in C, and are never put into a set.
_mro: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__
_attributes: Callable[[type], Mapping[str, Any]] = vars(type)["__dict__"].__get__
_callback_of: Callable[[Any], Any] = vars(weakref.ref)["__callback__"].__get__

# The id() of each shared module; a reference would keep the module alive in a normal exit.
_shared: dict[str, int] = {}
# Part of a cycle that the garbage collector will not see, so that nothing ever frees its content.
_hidden: dict[str, Any] = {}
_hidden["self"] = _hidden
_made_after_fork: list[Any] = []
_streams: list[weakref.ref[Any]] = []


def register() -> None:
    """Register the exit callback, which does nothing until `arm` is called.

    Callbacks run in reverse order, and this one must be the last. So this must be called before
    anything is imported that may register others.
    """
    if atexit._ncallbacks() == 0:
        atexit.register(_hide_shared_modules)


def share_modules() -> None:
    """Note which modules are shared; to be called in the fork server, before `gc.freeze`."""
    _shared.update((name, id(sys.modules[name])) for name in sys.modules if name not in _KEPT)


def arm() -> None:
    """Enable the exit callback; to be called in a forked process before its program runs."""
    _made_after_fork.append([_made_after_fork])
    _streams.extend(weakref.ref(getattr(sys, name)) for name in _STREAMS)


def _hide_shared_modules() -> None:
    try:
        # With a frame below, it is not the interpreter that calls, but the program
        # (`atexit._run_exitfuncs`), which goes on afterwards.
        if not _made_after_fork or _getframe().f_back is not None or _may_be_noticed():
            return
    except Exception:  # the program broke a built-in function: exiting in the normal way is right
        return
    for name in _shared:
        if _is_shared(name):
            _hidden[name] = sys.modules.pop(name)


def _is_shared(name: str) -> bool:
    return name in sys.modules and id(sys.modules[name]) == _shared.get(name)


def _may_be_noticed() -> bool:
    """Return whether the program could notice that an object is not destroyed."""
    # Another thread may still run code; the collector may have to print statistics.
    if len(_current_frames()) > 1 or _get_debug():
        return True
    # Objects from before the fork are frozen, and so not among these.
    objects = _get_objects()
    identities = set(map(id, objects))
    if any(id(made) not in identities for made in _made_after_fork):
        return True  # the program has called gc.freeze, which hides its objects
    harmless = set(map(id, _standard_streams()))
    finalized: dict[int, bool] = {}  # by the id of a type
    for found in objects:
        kind = type(found)
        if id(kind) not in finalized:
            finalized[id(kind)] = _has_finalizer(kind)
        if finalized[id(kind)]:
            if id(found) not in harmless:
                return True
        elif any(base is weakref.ref for base in _mro(kind)) and _calls_program(
            _callback_of(found)
        ):
            return True
    return False


def _has_finalizer(kind: type) -> bool:
    return any("__del__" in _attributes(base) for base in _mro(kind))


def _standard_streams() -> Iterator[object]:
    """Yield the standard streams and their layers, as far as `sys` refers to them to the end."""
    named = [getattr(sys, f"{ends}{name}{ends}", None) for name in _STREAMS for ends in ("", "__")]
    for reference in _streams:
        text = reference()
        if text is not None and any(text is stream for stream in named):
            yield text
            yield text.buffer
            yield getattr(text.buffer, "raw", None)


def _calls_program(callback: Any) -> bool:
    """Return whether a weak reference's callback may run code of the program, or print."""
    if callback is None:
        return False
    if type(callback) is types.FunctionType:
        name = callback.__module__
        return not _is_shared(name) or callback.__globals__ is not vars(sys.modules[name])
    # methods written in C, like `dict.pop` of some dictionary, but not functions like `print`
    return not (type(callback) is types.BuiltinMethodType and callback.__module__ is None)
