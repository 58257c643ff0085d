"""The settings of the site: where it and its repository are on the web, and that neither need be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sitebuild import project

CACHED = (project.site_address, project.public_address, project.base_path, project.repository)


@pytest.fixture(autouse=True)
def read_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Addresses are read once by a build."""
    for name in ("AWAITED_SITE", "AWAITED_REPOSITORY", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    for function in CACHED:
        function.cache_clear()
    yield
    monkeypatch.undo()
    for function in CACHED:
        function.cache_clear()


@pytest.mark.parametrize(
    ("value", "address", "base"),
    [
        ("https://example.org", "https://example.org/", "/"),
        ("https://example.org/course", "https://example.org/course/", "/course/"),
        ("https://example.org/course/", "https://example.org/course/", "/course/"),
        ("https://localhost.example.org/", "https://localhost.example.org/", "/"),
    ],
)
def test_a_site_may_be_published_anywhere(
    value: str, address: str, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWAITED_SITE", value)
    assert project.setting_faults() == []
    assert project.public_address() == project.site_address() == address
    assert project.base_path() == base


@pytest.mark.parametrize(
    "value", [None, "", " ", "http://127.0.0.1:8001/", "http://localhost:80/x/", "http://0.0.0.0/"]
)
def test_an_address_of_this_machine_is_not_public(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("AWAITED_SITE", value)
    assert project.setting_faults() == []
    assert project.public_address() is None
    assert project.site_address().startswith("http://")


@pytest.mark.parametrize(
    "value",
    [
        *("example.org", "ftp://example.org/", "https://", "https:///course/", "https://a b/"),
        *("https://example.org/?page=1", "https://example.org/#top", "https://me@example.org/"),
        *('https://example.org/"><script>/', "https://example.org//", "https://example.org/a\nb/"),
    ],
)
def test_what_is_no_address_of_a_site_is_refused(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWAITED_SITE", value)
    assert project.setting_faults() == [
        f"AWAITED_SITE: {value!a} is not the address of a site; give one like"
        " https://example.org/course/, or none"
    ]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_repository_is_linked_to_without_a_slash_at_its_end(
    slash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.repository() is None
    project.repository.cache_clear()
    monkeypatch.setenv("AWAITED_REPOSITORY", f"https://github.com/some-one/awaited.py{slash}")
    assert project.setting_faults() == []
    assert project.repository() == "https://github.com/some-one/awaited.py"


@pytest.mark.parametrize(
    "value",
    [
        *("github.com/a/b", "http://github.com/a/b", "https://github.com/a", "git@github.com:a/b"),
        *(
            "https://example.org/a/b",
            "https://github.com/a/b/tree/main",
            "https://github.com/a/b?c",
        ),
    ],
)
def test_links_are_made_only_to_a_repository_whose_links_are_known(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWAITED_REPOSITORY", value)
    assert project.setting_faults() == [
        f"AWAITED_REPOSITORY: {value!a} is not a repository that the site can link to; give one"
        " like https://github.com/owner/name, or none"
    ]


def test_a_date_of_the_sources_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert project.source_date() is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")
    assert project.setting_faults() == [] and project.source_date() == 1796083200
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert project.setting_faults() == [
        "SOURCE_DATE_EPOCH: 'yesterday' is not a number of seconds since 1970; give one, or none"
    ]
