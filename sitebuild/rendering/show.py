"""What a page calls: one example, in the place of a block.

In:  an example's name and what to show of it. Out: HTML, handed past the Markdown parser
     (`html="on"` on the block).

    ```python exec="on" html="on"
    from sitebuild import show

    print(show("tasks/two_tasks"))
    ```

In a build that is a stand-in (stand_ins.py): the engine need not know what a panel looks like, nor
this module load what draws it.
"""

from __future__ import annotations

from markupsafe import Markup

from ..content import examples
from ..content.examples import ExampleError
from ..content.show_calls import ShowCall, ShowOptions
from ..project import current_project
from . import stand_ins


def show(name: str, **options: object) -> Markup:
    """Return the HTML of one example.

    Args:
        name: The example's, "chapter/name".
        options: The fields of `ShowOptions`; `light` may be a single text.

    Raises:
        ExampleError: There is no such example, option or text, or the example is not in order.
    """
    project = current_project()
    if not examples.NAME.fullmatch(name):
        raise ExampleError(
            f'show({name!r}): that is no example\'s name; it is "chapter/name", in a to z, 0 to 9'
            " and _"
        )
    path = next(
        (
            path
            for suffix in (".py", ".sh")
            if (path := project.examples / f"{name}{suffix}").is_file()
        ),
        None,
    )
    if path is None:
        raise ExampleError(
            f"show({name!r}): there is no such example; examples/{name}.py is missing"
        )
    try:
        chosen = ShowOptions.parse(options)
    except ValueError as wrong:
        raise ExampleError(f"show({name!r}): {wrong}") from None
    example = examples.read(path, project)
    secret = stand_ins.secret()
    if secret is not None:
        return stand_ins.stand_in(secret, ShowCall(name, chosen, 0), example, project)

    from ..records import pythons, runner
    from .panel import panel

    if chosen.python is not None:
        example = pythons.pin(example, chosen.python)
    return panel(example, runner.get_or_run(example, project), project, chosen)
