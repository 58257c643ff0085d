"""One example on a page.

In:  an example's name and what to show of it. Out: HTML, handed past the Markdown parser (`html="on"` on the block).

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks"))
    ```
"""

from __future__ import annotations

from html import escape

from loopscope import timeline, transcript
from loopscope.trace import Output, Trace
from loopscope.words import seconds

from . import examples, highlighting, pythons, records, stepping, verified
from .examples import Example, ExampleError
from .judge import judge, masked
from .project import BASE, DRAFT, Project, here


def show(
    name: str,
    *,
    part: str | None = None,
    light: str | tuple[str, ...] = (),
    source: bool = True,
    output: bool = True,
    picture: bool | None = None,
    step: str | None = None,
    python: str | None = None,
) -> str:
    """HTML of one example.

    `part`: only the function, class or statement that begins at the line with this text.
    `light`: light up the lines that have this text (or these).
    `source`, `output`: leave one of them out.
    `picture`: the timeline; None shows it where more than one task, or any waiting, makes it worth looking at.
    `step`: have the stepper open, at the first step whose sentence or output has this text.
    `python`: as it runs on that Python ("3.14"); where the machine has none, the output that was recorded on it.

    Raises ExampleError where there is no such example or text, or where the example is not in order.
    """
    project = here()
    path = next((path for suffix in (".py", ".sh") if (path := project.examples / f"{name}{suffix}").is_file()), None)
    if path is None:
        raise ExampleError(f"show({name!r}): there is no such example; examples/{name}.py is missing")
    example = examples.read(path, project)
    if python is not None:
        example = pythons.on(example, python)
    trace = records.of(example, project)
    lit = (light,) if isinstance(light, str) else light
    return panel(example, trace, project, part=part, light=lit, source=source, output=output, picture=picture, step=step, python=python)


def panel(
    example: Example,
    trace: Trace | None,
    project: Project,
    *,
    part: str | None = None,
    light: tuple[str, ...] = (),
    source: bool = True,
    output: bool = True,
    picture: bool | None = None,
    step: str | None = None,
    python: str | None = None,
    link: bool = True,
) -> str:
    """As `show`, of an example and its trace. `link`: say where the example's own page is."""
    problem = None if trace is None else judge(example, trace, project)
    if problem is not None and not DRAFT:
        raise ExampleError(str(problem))
    trace = None if trace is None else masked(trace, project)
    parts = []
    if source:
        parts.append(_source(example, part, light))
    if output:
        parts.append(_output(example, trace, project, python))
        if trace is not None and (worth_a_picture(trace) if picture is None else picture):
            parts.append(f'<figure class="run-picture" tabindex="0">{timeline.draw(trace)}</figure>')
            if example.on is None and stepping.can_be_stepped(example, trace):
                parts.append(stepping.element(example, stepping.step_of(example, trace, step) if step else None))
        parts.append(_quiet_line(example, trace, link))
    if problem is not None:
        parts.append(f'<p class="run-exit">Not in order yet: {escape(problem.cause)}</p>')
    shows = "source output" if source and output else "source" if source else "output"
    return f'<div class="run" data-example="{example.name}" data-shows="{shows}">{"".join(parts)}</div>\n'


def worth_a_picture(trace: Trace) -> bool:
    """More than one task, or one that waits. Of a loop that is not asyncio's own (uvloop) there are no steps to draw."""
    if not trace.steps:
        return False
    tasks = [task for task in trace.tasks if not task.internal]
    return len(tasks) > 1 or any(step.waits and step.waits != "its next turn" for step in trace.steps if step.task == 1)


def _source(example: Example, part: str | None, light: tuple[str, ...]) -> str:
    where = f"examples/{example.name}{example.path.suffix}"
    language = "bash" if example.shell else "python"
    if part is None:
        coloured, plain = highlighting.lines(example.source, language), example.source.splitlines()
        html, text = ([lines[number - 1] for number in example.shown_lines] for lines in (coloured, plain))
    else:
        source = examples.statement(example.shown, part, where)
        html, text = list(highlighting.lines(source, language)), source.splitlines()
    for wanted in light:
        if not any(wanted in line for line in text):
            raise ExampleError(f"{where}: no line of what is shown has {wanted!r} to light up")
    lit = [any(wanted in line for wanted in light) and not line.startswith('"""') for line in text]  # the title is no code
    return highlighting.block(html, lit, where)


def _output(example: Example, trace: Trace | None, project: Project, python: str | None) -> str:
    label = "Output" if python is None else f"Output on Python {python}"
    if trace is None:
        text = recorded(example, project)
        rows = "".join(f"<span>{escape(line)}\n</span>" for line in text.splitlines())
        return f'<div class="run-output"><span class="run-label">{label}, as recorded</span><pre><code>{rows}</code></pre></div>'
    rows = "".join(_row(line, example.shell) for line in transcript.lines(trace))
    if not rows:
        rows = '<span class="run-nothing">(it prints nothing)\n</span>'
    ended = ""
    if trace.stopped:
        ended = f'<p class="run-exit">loopscope ended it: {escape(trace.stopped)}</p>'
    elif trace.exit != 0:
        ended = f'<p class="run-exit">exit status {trace.exit}</p>'
    timed = "" if example.shell else " run-timed"
    return f'<div class="run-output{timed}"><span class="run-label">{label}</span><pre><code>{rows}</code></pre>{ended}</div>'


def recorded(example: Example, project: Project) -> str:
    """What it printed on a Python that is not here. Raises ExampleError unless it was run there as it is now."""
    ran = [python for python in verified.pythons(example, verified.load(project)) if example.on in (None, ".".join(python.split(".")[:2]))]
    if not ran:
        wanted = example.on or ".".join(map(str, example.requires or ()))
        how = f"python -m sitebuild update --python {wanted} {example.name}" if example.on else "make update"
        raise ExampleError(
            f"{project.relative(example.path)}: it is shown as it runs on Python {wanted}, which is not here, and what is recorded is of "
            f"something else; run `{how}` where there is one"
        )
    return example.out(ran[0]).read_text(encoding="utf-8")


def _row(line: Output, shell: bool) -> str:
    text = escape(line.text.rstrip("\n"), quote=False)
    stream = ' class="run-stderr"' if line.stream == "stderr" else ""
    time = "" if shell else f' data-time="{seconds(line.time)}"'
    return f"<span{time}{stream}>{text}\n</span>"


def _quiet_line(example: Example, trace: Trace | None, link: bool) -> str:
    if trace is not None:
        clock = "a session in a shell" if example.shell else f"{trace.clock} clock, {seconds(trace.duration)}"
        facts = f"Ran on Python {trace.python}, {clock}"
    else:
        version = example.on or f"{'.'.join(map(str, example.requires or ()))} or later"
        facts = f"Recorded on Python {version}, which the machine that built this page does not have"
    home = f"{BASE}examples/{example.name}"
    own = f' · <a href="{home}/">a page of its own</a>' if link else ""
    return f'<p class="run-facts">{facts} · <a href="{home}{example.path.suffix}" download>{example.path.name}</a>{own}</p>'
