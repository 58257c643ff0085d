"""Starts the recording in a new interpreter before its program runs, then steps aside.

`interpreter.spawn` puts this folder on PYTHONPATH and the plan into LOOPSCOPE_PLAN. Both are gone
before the program can see them, and so is loopscope: the program finds the modules that it would
find if it were not recorded.
"""

import gc
import os
import sys

# Type checkers know this name from `typing`, which must not be imported here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KNOWN = set(sys.modules)  # modules that an interpreter has loaded by now even without us


def _begin() -> None:
    """Begin the recording that the environment asks for, if it does."""
    here = os.path.dirname(__file__)
    sys.path.remove(here)
    if "LOOPSCOPE_PLAN" not in os.environ:
        return  # another interpreter in a process that is recorded already
    path = sys.path[:]
    library = os.path.dirname(os.__file__)
    first = path[: path.index(library)] if library in path else []
    # If PYTHONPATH has a whole asyncio (another version of it), it replaces the interpreter's.
    others = [
        entry
        for entry in first
        if os.access(os.path.join(entry, "asyncio", "base_events.py"), os.R_OK)
    ]
    standard = [
        entry
        for entry in path
        if entry.startswith(library) and "-packages" not in entry or entry.endswith("lib-dynload")
    ]
    sys.path[:] = [*others, *standard]
    text = os.environ.pop("LOOPSCOPE_PLAN")
    try:
        import asyncio  # noqa: F401  # unused: imported to see which modules it loads

        asyncios = set(sys.modules) - _KNOWN  # the program gets them too when it imports asyncio
        payload = _read(text)
        _load_ourselves(os.path.dirname(os.path.dirname(here)))
        from loopscope.recording import shadowed_modules
        from loopscope.recording.in_process import begin
        from loopscope.recording.plan import Plan
    except Exception as problem:
        version = ".".join(map(str, sys.version_info[:3]))
        _go_without_us(
            _read(text)["plan"],
            f"loopscope could not be loaded on Python {version}: {type(problem).__name__}:"
            f" {problem}; so it ran unrecorded",
        )
    finally:
        sys.path[:] = path
    plan, folder = Plan(**payload["plan"]), payload["folder"]
    before = [
        *([] if getattr(sys.flags, "safe_path", False) else [folder]),
        *(entry for entry in first if entry not in others),
    ]
    names = {
        name
        for name in (module.partition(".")[0] for module in asyncios)
        if name not in _KNOWN and shadowed_modules.comes_from_file(name)
    }
    if hiding := shadowed_modules.find_shadows(names, before):
        why = shadowed_modules.describe(hiding, folder, payload["file"], plan.clock)
        _go_without_us(payload["plan"], why)
    begin(plan)
    ours = set(sys.modules) - _KNOWN - asyncios
    shadowed_modules.unload(
        shadowed_modules.find_shadows(
            {name.partition(".")[0] for name in ours if shadowed_modules.comes_from_file(name)},
            before,
        ),
        ours,
    )
    shadowed_modules.unload_package()


def _load_ourselves(package: str) -> None:
    """Load loopscope from where this file is, whatever else there may be of that name."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "loopscope", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    assert spec is not None and spec.loader is not None
    sys.modules["loopscope"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def _read(text: str) -> "dict[str, Any]":
    """Return the supervisor's payload, and restore the environment that the program must see."""
    import json

    payload: dict[str, Any] = json.loads(text)
    if payload["pythonpath"] is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = payload["pythonpath"]
    return payload


def _go_without_us(plan: "dict[str, Any]", why: str) -> None:
    """Begin again without us, since the program needs a module that hides one that we need.

    Args:
        plan: The fields of a `Plan`.
        why: The note that explains it.
    """
    import json

    events = [["unrecorded"], ["note", why]]  # as `trace.encoding` would write them
    os.write(plan["events"], json.dumps(events).encode() + b"\n")
    for name in ("events", "steps", "stdout", "stderr", "dump"):
        os.set_inheritable(plan[name], False)
    os.execv(sys.executable, [sys.orig_argv[0], "-u", *sys.orig_argv[1:]])


def _step_aside() -> None:
    """Run the machine's own sitecustomize; without one, fail to import like a missing module."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    modules = sys.modules
    # Otherwise this module, which its functions refer to, would be garbage that the program's own
    # gc.collect() counts.
    globals().clear()
    spec = PathFinder.find_spec("sitecustomize")
    if spec is None or spec.loader is None:
        # `site` expects this error, and ignores it
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
    modules["sitecustomize"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


_begin()
gc.collect()  # the same is true of what loading us has left
_step_aside()
