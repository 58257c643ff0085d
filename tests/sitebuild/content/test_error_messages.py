"""The data of the error index: held against what programs printed, with clear words about faults."""

from __future__ import annotations

import pytest
from sample_project import SampleProject

from sitebuild.content import error_messages, examples
from sitebuild.content.examples import ExampleError

LATE = '"""Too late."""\n\nprint("LateError: the tea is cold")\n'
ENTRY = """\
[tea-is-cold]
group = "tasks"
message = "LateError: the tea is cold"
cause = "The tea was made, and nobody came to drink it."
fix = "Drink it."
example = "chapter/late"
fixed = "chapter/good"
lesson = "index.md"
"""


@pytest.fixture
def tea(sample: SampleProject) -> SampleProject:
    sample.example("late", LATE, "LateError: the tea is cold\n")
    return sample


def load(sample: SampleProject, text: str) -> list[error_messages.Message]:
    file = sample.project.docs / error_messages.FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return error_messages.load(sample.project, examples.find(sample.project))


def faults(sample: SampleProject, text: str) -> list[str]:
    with pytest.raises(ExampleError) as refused:
        load(sample, text)
    return str(refused.value).splitlines()


def test_a_project_without_messages_has_none(sample: SampleProject) -> None:
    assert error_messages.load(sample.project, {}) == []


def test_a_title_is_the_message_without_its_class_if_that_makes_it_too_long() -> None:
    def title(message: str) -> str:
        return error_messages.Message("a", "b", message, *[""] * 5).title

    assert title("LateError: the tea is cold.") == "LateError: the tea is cold"
    assert title(f"LateError: {'x' * 50}") == "x" * 50


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("tasks", "tea", "[tea-is-cold] group 'tea' must be one of starting, awaiting, "),
        ("fix", "mend = \"x\"\nfix", "[tea-is-cold] unknown mend; known are group, message, cause, fix, "),
        ("tea-is-cold", "Tea", "[Tea] its id must consist of words in a to z and 0 to 9"),
        ("chapter/good", "chapter/gone", "[tea-is-cold] there is no example chapter/gone"),
        ("index.md", "tea.md", "[tea-is-cold] there is no page docs/tea.md"),
        ("index.md", "index.md#tea", "[tea-is-cold] docs/index.md has no heading with the id tea"),
        (", and nobody came to drink it", "", "[tea-is-cold] the first sentence of its cause describes the page to search engines: it must have 41 to 199 characters, without < > & \"; it has 17"),
        ("the tea is cold\"", "the tea is c…\"\nshort = \"a < b\"", "[tea-is-cold] its title would be 'a < b'; give it a `short` one, of at most 59 characters"),
        ("fix", 'related = ["milk"]\nfix', "[tea-is-cold] related: there is no message [milk]"),
        ("fix", 'silent = ["3.10"]\nfix', "[tea-is-cold] silent: it is printed on Python 3.10, or never ran there"),
        ("fix", 'also = ["the milk is sour"]\nfix', "[tea-is-cold] no output of examples/chapter/late has 'the milk is sour'; write what the program prints"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_entry_and_what_to_do(
    tea: SampleProject, before: str, after: str, message: str
) -> None:
    assert load(tea, ENTRY)
    said = faults(tea, ENTRY.replace(before, after, 1))
    assert len(said) == 1 and said[0].startswith(f"docs/{error_messages.FILE}: {message}"), said


def test_two_messages_with_one_title_are_refused(tea: SampleProject) -> None:
    said = faults(tea, ENTRY + ENTRY.replace("[tea-is-cold]", "[tea-again]"))
    assert len(said) == 1
    assert "[tea-again] another message has the title 'LateError: the tea is cold' too" in said[0]


def test_what_a_new_python_says_must_be_in_the_data(tea: SampleProject) -> None:
    late = tea.root / "examples/chapter/late.3.16.out"
    late.write_text("LateError: the tea has gone cold\n", encoding="utf-8")
    said = faults(tea, ENTRY)
    assert len(said) == 1
    assert (
        "[tea-is-cold] what examples/chapter/late prints on Python 3.16 has none of its wordings;"
        " add what it says there to `also`, or that Python to `silent`" in said[0]
    )
    new = 'also = ["LateError: the tea has gone cold"]\n'
    for more in (new, 'silent = ["3.16"]\n'):
        (message,) = load(tea, ENTRY + more)
    assert message.wording_in("LateError: the tea has gone cold") is None


def test_what_varies_in_a_wording_may_be_anything_on_its_line() -> None:
    found = error_messages.pattern_of("the '…' is cold").search
    assert found("so: the 'tea' is cold!") and found("the '' is cold")
    assert not found("the 'tea'\n is cold") and not found("the 'tea' is colder")
