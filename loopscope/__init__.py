"""Runs one program, records what its event loop did, and draws the record.

    from loopscope import Program, record

    trace = record(Program("two_tasks.py", clock="virtual"))
    print(trace.text(), [task.outcome for task in trace.tasks])

`record` takes a `Program` and `Limits`, and returns a `Trace`: tasks, steps and output, each with
its time. To record a program from the command line, use `loopscope` or `python -m loopscope`.
Standard library only, Python 3.10 to 3.15.

A program that is recorded runs with all the rights of its caller: this is no sandbox.
"""

# Type checkers know this name from `typing`, which a file beside the caller's program could hide.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .limits import Limits
    from .running.launch import record
    from .running.program import Program
    from .trace.model import Output, Step, Task, Trace, Wait

__version__ = "0.1.0"
__all__ = ["Limits", "Output", "Program", "Step", "Task", "Trace", "Wait", "__version__", "record"]

_MODULES = {
    "Limits": "limits",
    "Output": "trace.model",
    "Program": "running.program",
    "Step": "trace.model",
    "Task": "trace.model",
    "Trace": "trace.model",
    "Wait": "trace.model",
    "record": "running.launch",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used.

    Importing one module of this package then costs that module alone.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_MODULES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
