"""The options of `show`, and what their values may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from .examples import NAME


def _is_string(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_string_or_none(value: object) -> bool:
    return value is None or _is_string(value)


def _has_strings(value: object) -> bool:
    return all(map(_is_string, value)) if isinstance(value, tuple) else _is_string(value)


def _has_texts(value: object) -> bool:
    return all(map(_is_text, value)) if isinstance(value, tuple) else _is_text(value)


def _is_text(value: object) -> bool:
    return _is_string(value) and bool(str(value).strip())


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_bool_or_none(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _is_python_or_none(value: object) -> bool:
    return value is None or isinstance(value, str) and bool(re.fullmatch(r"3\.\d{1,2}", value))


def _is_name_or_none(value: object) -> bool:
    return value is None or isinstance(value, str) and bool(NAME.fullmatch(value))


def _is_picture_or_none(value: object) -> bool:
    return value in (None, "picture")


def _option(default: object, accepts: Callable[[object], bool], expected: str) -> Any:
    """Return a field of `ShowOptions`, with a check of its value and what it must be, in words."""
    return field(default=default, metadata={"accepts": accepts, "expected": expected})


@dataclass(frozen=True)
class ShowOptions:
    """The options of `show`: which parts of an example are shown, and how.

    Attributes:
        part: Show only the function, class or statement whose first line contains this text.
        light: Highlight the lines that contain one of these texts. `show` also takes a single one.
        blank: Show a blank to fill in wherever one of these texts is. `show` also takes a single
            one.
        since: Mark the lines that are new or changed compared with this example.
        beside: Do so, and draw both runs in one picture, on the same axis, the other one first.
        only: "picture" shows the timeline alone, without the program's name.
        source: Whether to show the source.
        output: Whether to show the output, and everything below it.
        picture: Whether to show the timeline; None shows it if the run has more than one task, or
            any waiting.
        step: Open the stepper at the first turn whose sentence or output contains this text.
        python: Show how it runs on that Python ("3.14"): a run if the machine has that Python, or
            else the output that was recorded on it.
    """

    part: str | None = _option(None, _is_string_or_none, "a string")
    light: tuple[str, ...] = _option((), _has_strings, "a string or a tuple of strings")
    blank: tuple[str, ...] = _option((), _has_texts, "a string or a tuple of strings, not empty")
    since: str | None = _option(
        None, _is_name_or_none, 'the name of another example, "chapter/name"'
    )
    beside: str | None = _option(
        None, _is_name_or_none, 'the name of another example, "chapter/name"'
    )
    only: str | None = _option(None, _is_picture_or_none, '"picture"')
    source: bool = _option(True, _is_bool, "True or False")
    output: bool = _option(True, _is_bool, "True or False")
    picture: bool | None = _option(None, _is_bool_or_none, "True or False")
    step: str | None = _option(None, _is_string_or_none, "a string")
    python: str | None = _option(None, _is_python_or_none, 'a Python like "3.14"')

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> ShowOptions:
        """Check the keyword arguments of a call of `show`.

        Args:
            values: The arguments, by name.

        Raises:
            ValueError: An option is unknown, its value is invalid, or another option rules it out.
        """
        known = {option.name: option for option in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"show() has no option `{name}`; it has {', '.join(known)}")
            if not known[name].metadata["accepts"](value):
                expected = known[name].metadata["expected"]
                raise ValueError(f"`{name}` must be {expected}, not {value!a}")
        single = {
            name: (value,)
            for name, value in values.items()
            if name in ("light", "blank") and isinstance(value, str)
        }
        options = cls(**{**values, **single})
        if options.only and (others := values.keys() - {"only", "python"}):
            raise ValueError(
                f'`only="{options.only}"` shows nothing else; leave out `{min(others)}`'
            )
        options._check_combination()
        return options

    @property
    def compared_with(self) -> str | None:
        """The example that the source is compared with, if any."""
        return self.beside if self.since is None else self.since

    def _check_combination(self) -> None:
        """Refuse options that rule each other out.

        Raises:
            ValueError: There are such options.
        """
        if self.since is not None and not self.source:
            raise ValueError("`since` marks lines of the source, and `source=False` leaves it out")
        if self.beside is not None:
            if self.since is not None:
                raise ValueError("`beside` marks what has changed as `since` does; give only one")
            if not self.output or self.picture is False:
                raise ValueError("`beside` compares pictures, and this call shows none")
            if self.step is not None:
                raise ValueError("`beside` shows two runs, and the stepper can show only one")
        if self.blank and not self.source:
            raise ValueError("`blank` hides text of the source, and `source=False` leaves it out")
        if self.blank and self.output:
            raise ValueError(
                "`blank` hides what the output, the picture and the download would give away; add"
                " `output=False`"
            )

    def __str__(self) -> str:
        """Return the options as keyword arguments, without those that have their default."""
        given = {option.name: getattr(self, option.name) for option in fields(self)}
        defaults = {option.name: option.default for option in fields(self)}
        return ", ".join(
            f"{name}={given[name]!r}" for name in given if given[name] != defaults[name]
        )
