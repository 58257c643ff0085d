"""A run as one self-contained HTML file, which loads nothing from elsewhere.

It has the source, the output with times, the timeline, the stepper, and the run in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..trace.index import TraceIndex
from ..trace.model import Trace
from . import legend, replay, stepper
from .markup import Markup, element, escape, fill, join, json_in_script, packaged_file, raw
from .narration import lines_of, narrate
from .timeline import draw
from .transcript import summary
from .wording import cut_notice, seconds, stop_notices

_MAX_SENTENCES = 1000  # of the run in words

_STYLE = """\
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ls-text);background:var(--ls-back);
max-width:54rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem;overflow-wrap:anywhere}h2{font-size:1rem;margin-top:2rem}
pre{background:var(--ls-box);padding:.8rem;overflow-x:auto;font-size:.85rem;line-height:1.5}
pre span{display:block}
pre [data-at]::before{content:attr(data-at);color:var(--ls-dim);display:inline-block;
width:5.5em;user-select:none}
.stderr{color:var(--ls-blocked)}
svg{width:100%;height:auto;min-width:var(--ls-picture-least);max-width:var(--ls-picture-most)}
figure{margin:0;overflow-x:auto}ol{padding-left:1.5rem}.quiet{color:var(--ls-dim)}
.run-legend{font-size:.85rem}.run-legend summary{width:fit-content;color:var(--ls-dim)}
.run-legend ul{margin:.3rem 0;padding:0;list-style:none}
.run-legend li{display:flex;align-items:center;gap:.6em}
.run-legend svg{width:auto;min-width:0;flex:none}
.note{border-left:3px solid var(--ls-blocked);padding-left:.8rem}"""


_PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8">\
<meta name="viewport" content="width=device-width,initial-scale=1">\
<title>$file</title><style>$style</style></head><body><h1>$file</h1>$notes\
<h2>Output</h2><pre tabindex="0">$printed</pre>$picture$words\
<h2>Source</h2><pre tabindex="0">$source</pre>\
<h2>Tasks</h2><pre class="quiet" tabindex="0">$summary</pre></body></html>
"""


def sentence(text: str) -> Markup:
    """Return the HTML of a sentence that has `code` in backquotes."""
    # Quotes need no escaping, because a sentence is never an attribute.
    return raw(
        re.sub(
            r"`([^`]*)`",
            r"<code>\1</code>",
            escape(text).replace("&quot;", '"').replace("&#x27;", "'"),
        )
    )


def _stepper(trace: Trace, source: str, drawing: Markup) -> Markup:
    """Return the stepper with its record inside."""
    data = replay.to_json(trace, source)
    data["source"] = [[number, escape(line)] for number, line in enumerate(lines_of(source), 1)]
    data["picture"] = drawing
    return fill(
        '<loop-stepper><script type="application/json">$record</script></loop-stepper>'
        '<script type="module">$code</script>',
        record=json_in_script(replay.dumps(data)),
        code=raw(stepper.script()),
    )


def _lines(numbered: Iterable[tuple[object, str, str | None]]) -> Markup:
    """Return lines of text as HTML.

    Args:
        numbered: For each line its label in the margin, its text, and its CSS class.
    """
    return join(
        *(
            element("span", text or " ", data_at=margin, class_=kind)
            for margin, text, kind in numbered
        )
    )


def _picture(trace: Trace, source: str) -> Markup:
    """Return the section with the timeline and the stepper; empty for a run without tasks."""
    if not trace.tasks:
        return raw("")
    template = (
        "<h2>What the event loop did</h2>$ends"
        '<div><figure class="run-picture">$drawing</figure>$legend$stepper</div>'
    )
    ends = element("p", cut_notice(trace)) if cut_notice(trace) else ""
    drawing = draw(trace)
    return fill(
        template,
        ends=ends,
        drawing=drawing,
        legend=legend.draw(trace),
        stepper=_stepper(trace, source, drawing) if trace.steps else "",
    )


def _words(trace: Trace, source: str) -> Markup:
    """Return the section with the run in words; empty if there is nothing to tell."""
    sentences = narrate(trace, source)
    if not sentences:
        return raw("")
    items = join(
        *(
            fill("<li><b>$time</b> $text</li>", time=seconds(one.time), text=sentence(one.text))
            for one in sentences[:_MAX_SENTENCES]
        )
    )
    left_out = sum(bool(one.steps) for one in sentences[_MAX_SENTENCES:])
    cut = f" {cut_notice(trace)}" if cut_notice(trace) else ""
    more = (
        element("p", f"… and {left_out:,} more step{'s' * (left_out > 1)}.{cut}")
        if left_out
        else ""
    )
    return join(raw("<h2>In words</h2>"), element("ol", items), more)


def render(trace: Trace, source: str) -> str:
    """Return the page of a run: a whole HTML document.

    Args:
        trace: The run.
        source: The program's text.
    """
    printed = _lines(
        (seconds(line.time), line.text.rstrip("\r\n"), line.stream)
        for line in TraceIndex.for_trace(trace).output.lines
    )
    return fill(
        _PAGE,
        file=trace.file,
        style=join(packaged_file("tokens.css"), raw(_STYLE), raw(stepper.style())),
        notes=join(
            *(element("p", note, class_="note") for note in (*stop_notices(trace), *trace.notes))
        ),
        printed=printed or "(nothing)",
        picture=_picture(trace, source),
        words=_words(trace, source),
        source=_lines((number, line, None) for number, line in enumerate(lines_of(source), 1)),
        summary=summary(trace),
    )
