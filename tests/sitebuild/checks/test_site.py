"""The finish step: a built site is broken in one way at a time, and each is named, with its file
and nothing else.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from unittest import mock

import pytest
from paths import PORT
from sample_project import GOOD, SampleProject

from sitebuild.checks import built_site, css
from sitebuild.checks import site as site_checks
from sitebuild.checks.page_parser import parse_page
from sitebuild.commands import build, finish
from sitebuild.content.show_calls import ShowCall
from sitebuild.content.show_options import ShowOptions
from sitebuild.project import Project
from sitebuild.rendering.maker import RenderedCall

HOST = f"http://127.0.0.1:{PORT}/"
_find_urls = css.find_urls


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SampleProject:
    """A small site, as the front door builds it: two pages and an example."""
    sample = SampleProject(tmp_path_factory.mktemp("built"))
    sample.page(
        "other",
        text="## Below { #below }\n\n[up](index.md), [on this page](#below), [elsewhere](https://docs.python.org/3/)",
    )
    ran = sample.run("build", AWAITED_SITE=HOST)
    assert ran.returncode == 0, ran.stderr
    return sample


@pytest.fixture(autouse=True, scope="module")
def read_once() -> Iterator[None]:
    """All sites here are one, but for a file or two: what stands in a text is found out once."""
    with (
        mock.patch.object(built_site, "parse_page", functools.cache(parse_page)),
        mock.patch.object(css, "find_urls", functools.cache(lambda text: [*_find_urls(text)])),
    ):
        yield


@pytest.fixture
def copy(built: SampleProject, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(built.root / "site", tmp_path / "site", copy_function=os.link))


def replace(site: Path, file: str, text: str) -> None:
    """Write a file anew: what is there shares its content with the site that was built."""
    path = site / file
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(site: Path) -> None:
        text = (site / file).read_text(encoding="utf-8")
        assert old in text
        replace(site, file, text.replace(old, new, 1))

    return damage


def body(html: str, file: str = "index.html") -> Callable[[Path], None]:
    """Add something to a page."""
    return edit(
        file,
        "</article>" if file.startswith(("index", "examples")) else "</main>",
        html + "</article>",
    )


def head(html: str, file: str = "index.html") -> Callable[[Path], None]:
    return edit(file, "</head>", html + "</head>")


def extra(file: str, text: str) -> Callable[[Path], None]:
    return lambda site: replace(site, file, text)


def remove(file: str) -> Callable[[Path], None]:
    return lambda site: (site / file).unlink()


OWN = "examples/chapter/good/index.html"
EMBED = "embed/chapter/good/index.html"
OUTPUT = '<span data-time="1.000 s">hello</span>\n'
ASKS = "it asks another host for {}; ship the file with the site"

NO_SCRIPT = (
    "it has a script that is neither the theme's nor this project's, {}; remove it (or, after an upgrade of mkdocs-material: read it, then list "
    "{} in sitebuild/checks/site.py)"
)


def themed_picture(site: Path) -> None:
    """Shows a picture in one of the theme's colours, and then in a colour that it doesn't have."""
    extra("assets/x.svg", '<svg xmlns="http://www.w3.org/2000/svg"></svg>')(site)
    for colour in ("light", "grey"):
        body(f'<img src="/assets/x.svg#only-{colour}">')(site)


# What is done to the site: where that is a problem, and which.
BREAKS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a panel is missing": (edit("index.html", 'data-example="chapter/good" data-shows', "data-shows"), "docs/index.md", "it shows chapter/good, but the built page has panels for nothing"),
    "a page without its end": (body("<textarea>"), "docs/index.md", "an element on it, such as a textarea, is not closed and swallows the end of the page; close it, or remove it"),
    "a panel is empty": (edit("index.html", OUTPUT, " "), "site/index.html", "the panel of chapter/good is empty"),
    "a panel of an example's page is empty": (edit(OWN, OUTPUT, ""), f"site/{OWN}", "the panel of chapter/good is empty"),
    "a panel of an embed is empty": (edit(EMBED, OUTPUT, "<b> </b>"), f"site/{EMBED}", "the panel of chapter/good is empty"),
    "an example's page is another's": (edit(OWN, 'data-example="chapter/good" data-shows', 'data-example="chapter/bad" data-shows'), "examples/chapter/good.py", f"its page {OWN} has panels for chapter/bad"),
    "a traceback in the open": (body("<p>Traceback (most recent <b>call</b>&#32;last):</p>"), "site/index.html", "there is a traceback on the page outside any example; a block failed"),
    "a traceback folded away": (body("<details><pre>Traceback (most recent call last):</pre></details>"), "site/index.html", "there is a traceback on the page outside any example; a block failed"),
    "a traceback on an example's page": (body("<p>Traceback (most recent call last)</p>", OWN), f"site/{OWN}", "there is a traceback on the page outside any example; a block failed"),
    "an id given twice": (body('<i id="x"></i><span id=x></span>'), "site/index.html", "the id 'x' is used 2 times; give each heading an id of its own"),
    "an id of an example's page given twice": (body('<b id="embed"></b>', OWN), f"site/{OWN}", "the id 'embed' is used 2 times; give each heading an id of its own"),
    "a link that leads nowhere": (body('<a href="no/such/">x</a>'), "site/index.html", "the link no/such/ leads nowhere"),
    "a link of an embed that leads nowhere": (body('<a href="/no/such/">x</a>', EMBED), f"site/{EMBED}", "the link /no/such/ leads nowhere"),
    "a link of the theme's frame that leads nowhere": (edit(OWN, '<nav class="md-header__inner', '<a href="/gone/">x</a><nav class="md-header__inner'), f"site/{OWN}", "the link /gone/ leads nowhere"),
    "a link out of the site": (body('<a href="../../x/">x</a>'), "site/index.html", "the link ../../x/ leads out of the site (/)"),
    "an area that leads nowhere": (body('<map name="m"><area href="no/"></map>'), "site/index.html", "the link no/ leads nowhere"),
    "a link in a picture that leads nowhere": (body('<svg><a xlink:href="no/"><text>x</text></a></svg>'), "site/index.html", "the link no/ leads nowhere"),
    "a fragment that leads nowhere": (body('<a href="#nowhere">x</a>'), "site/index.html", "the link #nowhere leads to an id that is not on index.html"),
    "a fragment of another page": (body('<a href="/other/#above">x</a>'), "site/index.html", "the link /other/#above leads to an id that is not on other/index.html"),
    "an anchor that is gone": (edit("other/index.html", 'id="below"', 'id="beneath"'), "site/other/index.html", "the link #below leads to an id that is not on other/index.html"),
    "a link to a file of the builder's": (body('<a href="file:///etc/passwd">x</a>'), "site/index.html", "the link file:///etc/passwd has a scheme that pages may not use; remove it"),
    "a link that runs a script": (body('<a href="java&#10;script:alert(1)">x</a>'), "site/index.html", "the link java\nscript:alert(1) has a scheme that pages may not use; remove it"),
    "a picture that is not there": (body('<img src="nope.png">'), "site/index.html", "the <img src> nope.png is not there; ship the file with the site"),
    "a picture for a theme that there is not": (themed_picture, "site/index.html", "the <img src> /assets/x.svg#only-grey leads to an id that is not on assets/x.svg"),
    "a picture without an address": (body('<img src="">'), "site/index.html", "the <img src> is empty"),
    "a picture of another host": (body('<img src="//cdn.example/x.png">'), "site/index.html", ASKS.format("//cdn.example/x.png")),
    "a picture of another host, written oddly": (body(r'<img src="\\cdn.example\x.png">'), "site/index.html", ASKS.format(r"\\cdn.example\x.png")),
    "a picture of another host, in capitals": (body('<IMG ALT=">" SRC=HTTPS://CDN.example/x.png>'), "site/index.html", ASKS.format("HTTPS://CDN.example/x.png")),
    "a wide picture of another host": (body('<img srcset="/assets/images/favicon.png 1x, https://cdn.example/2.png 2x">'), "site/index.html", ASKS.format("https://cdn.example/2.png")),
    "a wide picture that is not there": (body('<picture><source srcset="/assets/images/favicon.png,  /no,pe.png 2x"></picture>'), "site/index.html", "the <source srcset> /no,pe.png is not there; ship the file with the site"),
    "a script that is not there": (head('<script src="/assets/no.js"></script>'), "site/index.html", "the <script src> /assets/no.js is not there; ship the file with the site"),
    "a script of another host": (head('<script src="https://cdn.example/x.js"></script>'), "site/index.html", ASKS.format("https://cdn.example/x.js")),
    "a script of another host, in an embed": (head('<script src="https://cdn.example/x.js"></script>', EMBED), f"site/{EMBED}", ASKS.format("https://cdn.example/x.js")),
    "a script of another host, in an example's frame": (head('<script src="https://cdn.example/x.js"></script>', OWN), f"site/{OWN}", ASKS.format("https://cdn.example/x.js")),
    "a script of another host, in the sidebar": (edit("other/index.html", '<div class="md-sidebar__inner">', '<div class="md-sidebar__inner"><script src="https://cdn.example/x.js"></script>'), "site/other/index.html", ASKS.format("https://cdn.example/x.js")),
    "a script read ahead": (head('<link rel="modulepreload" href="/assets/no.js">'), "site/index.html", "the <link href> /assets/no.js is not there; ship the file with the site"),
    "a style of another host": (head('<link rel="StyleSheet" href="//cdn.example/x.css">'), "site/index.html", ASKS.format("//cdn.example/x.css")),
    "a style that is not there": (head('<link rel="alternate stylesheet" href="no.css">'), "site/index.html", "the <link href> no.css is not there; ship the file with the site"),
    "a stylesheet that is gone": (remove("assets/embed.css"), f"site/{EMBED}", "the <link href> /assets/embed.css is not there; ship the file with the site"),
    "a style that asks another host": (extra("assets/x.css", "a{content:'url(//not.example)'}/* url(//no.example) */b{background:URL( 'https://cdn.example/x.png' )}"), "site/assets/x.css", ASKS.format("https://cdn.example/x.png")),
    "a style that brings in another host's": (extra("assets/x.css", '@import "//cdn.example/x.css";'), "site/assets/x.css", ASKS.format("//cdn.example/x.css")),
    "a style whose picture is not there": (extra("assets/x.css", "b{background:url(no.png)}"), "site/assets/x.css", "the url() no.png is not there; ship the file with the site"),
    "a style in a page": (head("<style>@import url('no.css');</style>"), "site/index.html", "the <style> no.css is not there; ship the file with the site"),
    "a style in an element": (body('<p style="background: url(&quot;no.png&quot;)">x</p>'), "site/index.html", "the <p style> no.png is not there; ship the file with the site"),
    "a frame that is not there": (body('<iframe src="/embed/no/"></iframe>'), "site/index.html", "the <iframe src> /embed/no/ is not there; ship the file with the site"),
    "a frame of another host": (body('<iframe src="https://cdn.example/"></iframe>'), "site/index.html", ASKS.format("https://cdn.example/")),
    "a frame with a page inside": (body('<iframe srcdoc="<img src=//cdn.example/x.png>"></iframe>'), "site/index.html", "it has a <iframe srcdoc>, which hides content from the checks; remove it"),
    "a template": (body('<template><img src="//cdn.example/x.png"></template>'), "site/index.html", "it has a <template>, which hides content from the checks; remove it"),
    "a picture that runs a script, hidden from who runs none": (body('<noscript><p title="</noscript><img src=/assets/images/favicon.png onerror=alert(1)>"></p></noscript>'), "site/index.html", "it has a <noscript>, which hides content from the checks; remove it"),
    "a film": (body('<video src="no.mp4"></video>'), "site/index.html", "the <video src> no.mp4 is not there; ship the file with the site"),
    "a film's poster": (body('<video poster="//cdn.example/p.png"></video>'), "site/index.html", ASKS.format("//cdn.example/p.png")),
    "a sound": (body('<audio><source src="no.ogg"></audio>'), "site/index.html", "the <source src> no.ogg is not there; ship the file with the site"),
    "subtitles": (body('<video><track src="no.vtt"></video>'), "site/index.html", "the <track src> no.vtt is not there; ship the file with the site"),
    "an object": (body('<object data="no.pdf"></object>'), "site/index.html", "the <object data> no.pdf is not there; ship the file with the site"),
    "something embedded": (body('<embed src="https://cdn.example/x.swf">'), "site/index.html", ASKS.format("https://cdn.example/x.swf")),
    "a form to another host": (body('<form action="https://cdn.example/"></form>'), "site/index.html", "it submits a form to another host, https://cdn.example/; remove the form"),
    "a button that sends to another host": (body('<form><button formaction="//cdn.example/"></button></form>'), "site/index.html", "it submits a form to another host, //cdn.example/; remove the form"),
    "a page that leads on to nothing": (head('<meta http-equiv="Refresh" content="0; URL=\'/gone/\'">'), "site/index.html", "the <meta refresh> /gone/ leads nowhere"),
    "a page that leads on to another host": (head('<meta http-equiv="refresh" content="0; url=//cdn.example/">'), "site/index.html", "it redirects to another host, //cdn.example/; name a page of the site in redirects.txt"),
    "a page that leads on to another host, and says nothing of an address": (head('<meta http-equiv="refresh" content="0;https://cdn.example/?to=./">'), "site/index.html", "it redirects to another host, https://cdn.example/?to=./; name a page of the site in redirects.txt"),
    "a description that is none": (head('<script type="application/ld+json">alert(1)</script>'), "site/index.html", NO_SCRIPT.format("'alert(1)'", "a2f450e8459f9ec0")),
    "a description in another vocabulary": (head('<script type="application/ld+json">{"@context": "https://cdn.example"}</script>'), "site/index.html", NO_SCRIPT.format("'" + '{"@context": "https://cdn.example"}' + "'", "0f5948df64ad85a8")),
    "a description that is no object": (head('<script type="application/ld+json">["https://schema.org"]</script>'), "site/index.html", NO_SCRIPT.format("'" + '["https://schema.org"]' + "'", "20ef8e8ab7ad3e56")),
    "a base": (head('<base target="_top">'), "site/index.html", "it has a <base>, which hides content from the checks; remove it"),
    "a symbol that is not there": (body('<svg><use href="#no"/></svg>'), "site/index.html", "the <use href> #no leads to an id that is not on index.html"),
    "a shade that is not there": (body('<svg><path fill="url(#no)"/></svg>'), "site/index.html", "the <path fill> #no leads to an id that is not on index.html"),
    "a picture in a picture": (body('<svg><image xlink:href="//cdn.example/x.png"/></svg>'), "site/index.html", ASKS.format("//cdn.example/x.png")),
    "a picture in a file": (extra("assets/x.svg", '<svg xmlns="http://www.w3.org/2000/svg"><image href="no.png"/></svg>'), "site/assets/x.svg", "the <image href> no.png is not there; ship the file with the site"),
    "a manifest that is not there": (head('<link rel="manifest" href="site.webmanifest">'), "site/index.html", "the <link href> site.webmanifest is not there; ship the file with the site"),
    "a home on another host": (head('<link rel="canonical" href="https://cdn.example/">'), "site/index.html", "its canonical link is on another host, https://cdn.example/; set AWAITED_SITE to the site's own address when you build"),
    "a home that is not there": (head(f'<link rel="canonical" href="{HOST}gone/">'), "site/index.html", f"the <link href> {HOST}gone/ leads nowhere"),
    "a connection made ahead": (head('<link rel="preconnect" href="https://cdn.example">'), "site/index.html", ASKS.format("https://cdn.example")),
    "a next page on another host": (body('<link rel="next" href="https://cdn.example/">'), "site/index.html", ASKS.format("https://cdn.example/")),
    "a page of another host in another language": (body('<link rel="alternate" hreflang="de" href="https://cdn.example/">'), "site/index.html", ASKS.format("https://cdn.example/")),
    "a visit that is told to another host": (body('<a href="#" ping="https://cdn.example/p">x</a>'), "site/index.html", ASKS.format("https://cdn.example/p")),
    "a record of the stepper's that is not there": (remove("examples/chapter/good.json"), "site/embed/chapter/good/index.html", "the <loop-stepper data-record> /examples/chapter/good.json is not there; ship the file with the site"),
    "a download that is not there": (remove("examples.zip"), f"site/{OWN}", "the link /examples.zip leads nowhere"),
    "a script in a page": (body("<script>alert(1)</script>"), "site/index.html", NO_SCRIPT.format("'alert(1)'", "400d22c1c83abe5f")),
    "a script that leads on to another host": (body('<script>location.replace("//cdn.example/" + location.hash)</script>'), "site/index.html", NO_SCRIPT.format("'location.replace(\"//cdn.example/\" + location.hash)'", "8b35866f74bf5b65")),
    "a record that would be markup": (body('<loop-stepper><script type="application/json">{"picture": "<img src=x onerror=alert(1)>"}</script></loop-stepper>'), "site/index.html", NO_SCRIPT.format("'{\"picture\": \"<img src=x onerror=alert(1)>\"}'", "a21ea0fef2251811")),
    "a script of another type": (body('<script type="text/babel">alert(1)</script>'), "site/index.html", NO_SCRIPT.format("'alert(1)'", "03925d9a2eadecaa")),
    "a map of imports": (head('<script type="importmap">{}</script>', EMBED), f"site/{EMBED}", NO_SCRIPT.format("'{}'", "8c1b97ca0cb44366")),
    "a script in a title": (edit("index.html", "<title>", "<title></title><script>alert(1)</script>"), "site/index.html", NO_SCRIPT.format("'alert(1)'", "400d22c1c83abe5f")),
    "a script in a picture": (body("<svg><script>alert(1)</script></svg>"), "site/index.html", NO_SCRIPT.format("'alert(1)'", "400d22c1c83abe5f")),
    "a script behind an address of a picture's script": (body('<script href="/assets/stepper.js">alert(1)</script>'), "site/index.html", NO_SCRIPT.format("'alert(1)'", "400d22c1c83abe5f")),
    "a script in a picture, behind an address of a page's script": (body('<svg><script src="/assets/stepper.js">alert(1)</script></svg>'), "site/index.html", NO_SCRIPT.format("'alert(1)'", "400d22c1c83abe5f")),
    "an example that is run as a script": (body('<script src="/examples/chapter/good.py"></script>'), "site/index.html", "the <script src> /examples/chapter/good.py is neither the theme's nor this project's; remove it"),
    "an example that is run in a picture": (body('<svg><script xlink:href="/examples/chapter/good.py"></script></svg>'), "site/index.html", "the <script xlink:href> /examples/chapter/good.py is neither the theme's nor this project's; remove it"),
    "a script in its address": (body('<script src="data:text/javascript,alert(1)"></script>'), "site/index.html", "the <script src> data:text/javascript,alert(1) has a scheme that pages may not use; remove it"),
    "a page in the address of a frame": (body('<iframe src="data:text/html,x"></iframe>'), "site/index.html", "the <iframe src> data:text/html,x has a scheme that pages may not use; remove it"),
    "a record in its address": (body('<loop-stepper data-record="data:application/json,{}"></loop-stepper>'), "site/index.html", "the <loop-stepper data-record> data:application/json,{} has a scheme that pages may not use; remove it"),
    "a record in a file that somebody wrote": (body('<loop-stepper data-record="/assets/images/favicon.png"></loop-stepper>'), "site/index.html", "the <loop-stepper data-record> /assets/images/favicon.png is not the record of an example; remove it"),
    "a picture that runs a script": (body("<svg/onLOAD = alert(1)></svg>"), "site/index.html", "its <svg onload> would run a script; remove it"),
    "a broken picture that runs a script": (body("<img src=/assets/images/favicon.png alt=''onerror=alert(1)>", EMBED), f"site/{EMBED}", "its <img onerror> would run a script; remove it"),
    "a heading that runs a script": (edit("other/index.html", '<h2 id="below"', '<h2 id="below" onclick="alert(1)"'), "site/other/index.html", "its <h2 onclick> would run a script; remove it"),
    "a link that becomes a script": (body('<svg><a><animate attributeName="href" to="javascript:alert(1)"/></a></svg>'), "site/index.html", "its <animate> would run a script; remove it"),
    "a form that runs a script": (body('<form action="javascript:alert(1)"></form>'), "site/index.html", "the <form action> javascript:alert(1) has a scheme that pages may not use; remove it"),
    "a page that leads on to a script": (head('<meta http-equiv="refresh" content="0; url=javascript:alert(1)">'), "site/index.html", "the <meta refresh> javascript:alert(1) has a scheme that pages may not use; remove it"),
    "an address that is none": (body('<a href="http://[x/">x</a>'), "site/index.html", "the link http://[x/ is not a valid URL (Invalid IPv6 URL)"),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_site_is_refused_with_the_file_and_the_cause(
    what: str, built: SampleProject, copy: Path
) -> None:
    damage, file, cause = BREAKS[what]
    damage(copy)
    assert [
        (problem.file, problem.cause) for problem in site_checks.check_site(built.project, copy)
    ] == [(file, cause)]


def test_a_description_for_search_engines_is_no_script(built: SampleProject, copy: Path) -> None:
    head('<script type="application/ld+json">{"@context":"https://schema.org"}</script>')(copy)
    assert site_checks.check_site(built.project, copy) == []


SCRIPTS = (
    "<script>alert(1)</script>",
    "<p onclick=alert(1)>x</p>",
    "[x](javascript:alert(1))",
    "[x](index.md){ onmouseover=alert(1) }",
    "## Sub { #sub onclick=alert(1) }",
    '<div markdown onclick="alert(1)">\nx\n</div>',
    "![x](assets/two-downloads.png){ onload=alert(1) }",
    "<svg><animate onbegin=alert(1) attributeName=x /></svg>",
)


def test_no_script_gets_from_a_page_s_markdown_onto_the_site(tmp_path: Path) -> None:
    sample = SampleProject(tmp_path)
    scripts = [text.replace("alert(1)", f"alert({number})") for number, text in enumerate(SCRIPTS)]
    for number, text in enumerate(scripts):
        (sample.root / f"docs/page-{number}.md").write_text(
            f"# A page\n\n{text}\n", encoding="utf-8"
        )
    ran = sample.run("build")
    assert ran.returncode == 1 and not sample.project.site.exists()
    for number, text in enumerate(scripts):
        messages = [
            line
            for line in ran.stderr.splitlines()
            if line.startswith(f"site/page-{number}/index.html: ")
        ]
        assert any(
            word in line
            for line in messages
            for word in ("run a script", "has a script", "a scheme that")
        ), (text, ran.stderr)


def test_a_site_as_it_was_built_has_no_problem(built: SampleProject, copy: Path) -> None:
    assert site_checks.check_site(built.project, copy) == []
    assert "data:" in (copy / "assets/stylesheets").glob("main*.css").__next__().read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("file", ["index.html", OWN, EMBED])
def test_a_page_that_was_not_built_is_named(file: str, built: SampleProject, copy: Path) -> None:
    (copy / file).unlink()
    named = {
        problem.file
        for problem in site_checks.check_site(built.project, copy)
        if f"its page {file} was not built" in problem.cause
    }
    assert named == {"docs/index.md" if file == "index.html" else "examples/chapter/good.py"}


def test_what_is_wrong_with_many_pages_is_said_once(built: SampleProject, copy: Path) -> None:
    (copy / "assets/stepper.js").unlink()
    problems = site_checks.check_site(built.project, copy)
    assert {problem.cause.partition(" is not there")[0] for problem in problems} <= {
        f"the <script src> {start}assets/stepper.js" for start in ("", "../", "/")
    }
    assert len(problems) == 3 and any(f"site/{OWN}" in problem.detail for problem in problems)


def test_a_link_must_stay_below_the_site_s_own_folder(
    built: SampleProject, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_site, "site_address", lambda: f"{HOST}course/")
    problems = site_checks.check_site(built.project, copy)
    assert "the link /examples/chapter/good/ leads out of the site (/course/)" in {
        problem.cause for problem in problems
    }
    replace(
        copy,
        "index.html",
        '<div class="run" data-example="chapter/good"><code>x</code></div><a href="/course/other/">ok</a>',
    )
    assert not [
        problem
        for problem in site_checks.check_site(built.project, copy)
        if problem.file == "site/index.html"
    ]


def test_what_is_right_on_one_page_may_be_wrong_on_another(
    built: SampleProject, copy: Path
) -> None:
    html = '<img src="assets/images/favicon.png"><a href="other/#below">x</a>'
    body(html)(copy)
    assert site_checks.check_site(built.project, copy) == []
    body(html, "index.html")(copy)
    text = (copy / "other/index.html").read_text(encoding="utf-8")
    replace(copy, "other/index.html", text.replace("</article>", html + "</article>"))
    assert {
        (problem.file, problem.cause) for problem in site_checks.check_site(built.project, copy)
    } == {
        (
            "site/other/index.html",
            "the <img src> assets/images/favicon.png is not there; ship the file with the site",
        ),
        ("site/other/index.html", "the link other/#below leads nowhere"),
    }


def test_what_is_harmless_is_let_through(built: SampleProject, copy: Path) -> None:
    body(
        '<a href="mailto:a@b.example">m</a><a href="javascript:void(0)">j</a><a href="?q=1#a-page">q</a><a href="https://other.example/no">o</a>'
        '<a href="/other">folder</a><a href="other/index.html#below">file</a><a href="other/#:~:text=up">text</a><a>none</a>'
        '<img src="data:image/png;base64,AAAA"><img src=" /assets/images/favicon.png?v=1 ">'
        f'<a href="{HOST}other/#below">whole</a><!-- <img src="//cdn.example/x.png"> --><p title="url(//cdn.example)">t</p>'
        '<textarea><img src="//cdn.example/x.png"></textarea>'
    )(copy)
    assert site_checks.check_site(built.project, copy) == []


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        ("a{b:url(x.png)}", ["x.png"]),
        ("a{b:url( 'x y.png' )}", ["x y.png"]),
        (r"a{b:url(x\(1\).png)}", ["x(1).png"]),
        (r"a{b:\75rl(x.png)}", ["x.png"]),
        (r'@\69mport "x.css" screen;', ["x.css"]),
        ("@import url(x.css);", ["x.css"]),
        (
            'a{b:image-set("x.png" 1x, url(y.png) 2x, "z.avif" type("image/avif"))}',
            ["x.png", "y.png", "z.avif"],
        ),
        ("/* url(x.png) */ a{content:'url(y.png)'}", []),
        ("a{b:url(x.png", ["x.png"]),
        ('a{content:"\\""; b:url(x.png)}', ["x.png"]),
        ("a{b:url()}", []),
        ('a{content:"x\n}b{b:url(y.png)} c{content:"', ["y.png"]),
        ("a{b:url( x.png ) c}", ["x.png"]),
        (r"a{b:u\rl(x.png)}", ["x.png"]),
        (r'@im\port "x.css";', ["x.css"]),
        ('@import/**/"x.css";a{content:"y"}', ["x.css"]),
        (r'a{b:image\2d set("x.png" 1x)}', ["x.png"]),
        (
            'a{b:image-set(linear-gradient(rgb(0,0,0),red) 1x, "x.png" 2x)} b{content:"y"}',
            ["x.png"],
        ),
        ('a{b:url("x.png" crossorigin(anonymous))}', ["x.png"]),
        (r"a{b:\";c:url(x.png);d:\"}", ["x.png"]),
        ('a{b:"\f;c:url(x.png);d:"}', ["x.png"]),
        ('a{b:url(no one"); c:url(x.png)}', ["x.png"]),
        ('a{content:"y" counter(x)} @import url("x.css") layer(a); b{content:"z"}', ["x.css"]),
    ],
)
def test_a_stylesheet_s_addresses_are_found(style: str, wanted: list[str]) -> None:
    assert list(_find_urls(style)) == wanted


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = parse_page(
        '<!doctype html><title>t</title><h2 id=a id=b>x</h2><h1 id="h1">y</h1><p id="c"><div data-example="e" data-shows="source">'
        '<code>x</code><div><code></code></div></div><noscript><img src="n.png"></noscript><script>"<a href=no>"</script>'
    )
    assert page.ids == ("a", "h1", "c") and page.headings == ("a",)
    assert [(panel.example, panel.empty) for panel in page.panels] == [("e", True)]
    assert [reference.address for reference in page.references] == ["n.png"]


BARE = {
    "plain": "<p>a</p>{0}<p>b</p>{1}",
    "in a cell": "<table><tr><td>{0}</td></tr></table>{1}",
    "in a choice": "<select>{0}</select>{1}",
    "in a picture's style": "<svg><style>{0}</style></svg>{1}",
    "in an open link": "<a href='x'>a{0}b{1}",
    "in bold that is not closed": "<p><b id=b>a{0}</p>{1}",
    "in a list": "<ul><li>{0}<li>{1}</ul>",
    "in a fold": "<details><summary>{0}</summary>{1}</details>",
}
UNREAD = {
    "in a comment": "<!-- {0} -->{1}",
    "in a text area": "<textarea>{0}{1}</textarea>",
    "in a style": "<style>{0}</style>{1}",
    "in an example": "<xmp>{0}</xmp>{1}",
    "between the rows of a table": "<table><tr><td>{0}</td></tr>{1}</table>",
    "in an attribute": "<p title='{0}'>{1}</p>",
}
"""Where a browser does not build what the text says, the filled page is read as a whole."""


@pytest.mark.parametrize("bare", [*BARE, *UNREAD])
def test_a_page_is_known_by_its_parts_or_read_as_a_whole(bare: str, tmp_path: Path) -> None:
    secret, calls = (
        "5ec2e7" * 6,
        [ShowCall("a/b", ShowOptions(), 1), ShowCall("a/c", ShowOptions(), 2)],
    )
    panels = [
        f'<div class="run" data-example="{call.name}"><pre><code id="{call.name}">x</code></pre>'
        f'<p><a href="/{call.name}/">it</a></p><svg><path fill="url(#x)"></path></svg></div>\n'
        for call in calls
    ]
    stands = [
        f'<div class="run" data-stand-in="{secret}" data-call="{escape(str(call))}"></div>\n'
        for call in calls
    ]
    html = {**BARE, **UNREAD}[bare]
    file = tmp_path / "index.html"
    file.write_text(f"<h2 id=top>t</h2>{html.format(*stands)}<script src=x></script>")
    shown = [
        RenderedCall(call, panel, parse_page(panel))
        for call, panel in zip(calls, panels, strict=True)
    ]
    facts = finish.fill_page(file, secret, shown)
    assert file.read_text() == f"<h2 id=top>t</h2>{html.format(*panels)}<script src=x></script>"
    if bare in UNREAD:
        assert facts is None
        return
    whole = parse_page(file.read_text())
    assert facts is not None
    for field in dataclasses.fields(whole):
        one, other = getattr(facts, field.name), getattr(whole, field.name)
        # what is left open is opened again inside of each panel, and so is there more than once
        assert set(one) == set(other) if isinstance(one, tuple) else one == other, field.name


def test_the_site_s_pages_are_known_as_they_are_read(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the finish puts together of parts is what a reader of the whole page finds."""
    compared = []

    def check(project: Project, site: Path, known: dict, find_urls: object) -> list:
        for name, page in known.items():
            whole = parse_page((site / name).read_text(encoding="utf-8"))
            compared.append(name)
            for field in dataclasses.fields(whole):
                one, other = getattr(page, field.name), getattr(whole, field.name)
                if name.startswith("examples/") and field.name in ("references", "scripts"):
                    assert set(one) <= set(other), name  # the frame's are looked at once
                elif isinstance(one, tuple):
                    assert Counter(one) == Counter(other), (name, field.name)
                else:
                    assert one == other, (name, field.name)
        return []

    monkeypatch.setattr(finish, "check_site", check)
    sample.example("other", GOOD, "hello\n")
    sample.page("second", "good", "other", text="## Below { #below }\n\nSee [up](index.md).")
    assert build.build(sample.project) == []
    assert len(compared) == 6  # two pages, and two of each example
