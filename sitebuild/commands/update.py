"""`make update`: records the outputs of the examples.

Writes the `.out` files that differ from what the examples print, and `examples/verified.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ..checks.output import output_text
from ..content import examples
from ..content.examples import Example, ExampleError
from ..content.files import read_text, write_text
from ..content.pages import find, pinned_examples
from ..project import Project
from ..records import cache, pythons, runner, verified
from ..records.locks import lock


def update(
    project: Project,
    names: Iterable[str] = (),
    this_python: bool = False,
    python: str | None = None,
) -> list[str]:
    """Run examples and write their outputs.

    Outputs that pages show of other Pythons are recorded too. If an example does not end with the
    exit status that it declares, its file is left as it is.

    Args:
        project: The project.
        names: Names of examples; if there are none, all examples, or with `python` those that
            pages show on that Python.
        this_python: Whether to leave `NAME.out` as it is, and to record in `NAME.3.x.out` what the
            running Python prints, if it differs.
        python: A Python ("3.14") whose outputs to record in `NAME.3.x.out`, if they differ.

    Returns:
        A message for each file that was written, and for each example that was skipped.

    Raises:
        ExampleError: There is no such example or Python.
    """
    with lock(project.cache / "update.lock", "records outputs anew"):
        return _update(project, names, this_python, python)


def _update(
    project: Project, names: Iterable[str], this_python: bool, python: str | None
) -> list[str]:
    """Do the work of `update`, while holding the lock."""
    every, pages = examples.find(project), find(project)
    named = set(names)
    if missing := sorted(named - set(every)):
        raise ExampleError(
            "\n".join(
                f"examples/{name}: there is no such example; name one like tasks/two_tasks"
                for name in missing
            )
        )
    if python is not None and not re.fullmatch(r"3\.\d{1,2}", python):
        raise ExampleError(f"--python {python}: it is no version of Python; name one like 3.14")
    if python is not None and pythons.find_interpreter(int(python.partition(".")[2])) is None:
        raise ExampleError(
            f"--python {python}: there is no such Python here; install it, or leave its outputs as"
            " they are"
        )
    if python is not None:
        shown = {name for name, on in pinned_examples(pages) if on == python and name in every}
        targets = [pythons.pin(every[name], python) for name in sorted(named or shown)]
    else:
        chosen = named or set(every)
        targets = [
            example
            for example in cache.all_variants(every, pages)
            if example.name in chosen and not (this_python and example.pinned)
        ]
    runner.run([example for example in targets if cache.is_stale(example, project)], project)
    messages, facts = [], verified.load(project)
    for example in targets:
        messages += _write(example, project, facts, beside=this_python)
    if verified.store(project, facts, every):
        messages.append("examples/verified.txt: brought up to date")
    return messages or ["every output is as it was"]


def _has_text(file: Path, text: str) -> bool:
    """Return whether a file contains exactly this text; it may contain invalid UTF-8."""
    return file.read_bytes() == text.encode("utf-8", "surrogatepass")


def _write(example: Example, project: Project, facts: verified.Facts, *, beside: bool) -> list[str]:
    """Write the output of an example, and add the fact that it was run.

    Args:
        example: The example, after its run.
        project: The project.
        facts: The facts of `verified.txt`, which are added to.
        beside: Whether to leave `NAME.out` as it is, and to write `NAME.3.x.out` if it differs.

    Returns:
        A message, if a file was written or the example was skipped.
    """
    trace = cache.load(example, project)
    where = project.relative(example.path)
    if trace is None:
        return [] if example.pinned else [f"{where}: no Python here is new enough; left as it is"]
    if trace.exit != example.expected_exit(trace.python):
        return [
            f"{where}: it ended with exit {trace.exit} on Python {trace.python}, not"
            f" {example.expected_exit(trace.python)}; left as it is"
        ]
    messages = []
    text = output_text(trace, project)
    general = example.path.with_suffix(".out")
    own = example.path.with_name(f"{example.path.stem}.{'.'.join(trace.python.split('.')[:2])}.out")
    target = own if (beside or example.pinned or own.exists()) and general.exists() else general
    if target is own and read_text(project, general) == text:
        if own.exists():
            own.unlink()
            messages.append(
                f"{project.relative(own)}: gone; this Python prints what the others print"
            )
    elif not target.exists() or not _has_text(target, text):
        write_text(project, target, text)
        messages.append(f"{project.relative(target)}: recorded")
    verified.add(facts, example, trace.python)
    return messages
