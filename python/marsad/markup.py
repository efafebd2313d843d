"""Text as HTML, right to left, with its names and dates marked.

What comes out can stand in any page: everything is escaped, every piece keeps its direction to itself, colours let the
page's own show through, so that they do on light and on dark, and each mark says its type in letters too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple


class Mark(NamedTuple):
    """A stretch of a text, in code points, that is marked."""

    start: int
    end: int
    type: str
    title: str
    #: The entity, by what the page calls it; "" where it has no name for it.
    entity: str = ""


#: What dates are marked as, among the types of names.
DATE = "DATE"
#: By type: red, green and blue, the line below, and the word of the legend.
_LOOKS = {
    "PER": ("230,120,20", "solid", "persons"),
    "ORG": ("30,120,220", "double", "organisations"),
    "LOC": ("30,150,70", "dashed", "places"),
    DATE: ("150,70,200", "dotted", "dates"),
}
_OTHER = ("128,128,128", "solid", "")
#: Characters that turn the text after them around: shown by name, never obeyed.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
#: What a page may not hold as it is, or would drop.
_CONTROLS = {code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"}


def plain(text: str) -> str:
    """Escape a text and keep its direction to itself."""
    return f"<bdi>{_safe(text)}</bdi>" if text else ""


def article(text: str, marks: Iterable[Mark]) -> str:
    """Give a text with its marks; of two that overlap the one that begins first is shown."""
    parts: list[str] = []
    at = 0
    for mark in sorted(marks):
        if mark.start < at:
            continue
        parts += [_safe(text[at : mark.start]), _marked(text[mark.start : mark.end], mark)]
        at = mark.end
    parts.append(_safe(text[at:]))
    style = "white-space:pre-wrap;line-height:2;overflow-wrap:anywhere;unicode-bidi:isolate"
    return f'<div dir="rtl" lang="ar" style="{style}">{"".join(parts)}</div>'


def legend(types: Sequence[str]) -> str:
    """Say what the marks of these types look like, and how many there are; nothing if there are none."""
    counts = {name: types.count(name) for name in (*_LOOKS, *sorted(set(types) - set(_LOOKS))) if name in types}
    shown = []
    for name, count in counts.items():
        word = _LOOKS.get(name, _OTHER)[2]
        shown.append(f'<span style="{_style(name)}">{plain(name)}</span> {f"{word} " if word else ""}{count:,}')
    return " · ".join(shown)


def named(text: str) -> str:
    """Give a text in which what a page may not hold, or would obey, is shown by name; nothing is escaped."""
    return "".join(_letter(letter) for letter in text)


def _marked(text: str, mark: Mark) -> str:
    entity = f' data-entity="{_quoted(mark.entity)}"' if mark.entity else ""
    return (
        f'<mark style="{_style(mark.type)}" title="{_quoted(mark.title)}" data-type="{_quoted(mark.type)}"{entity}>'
        f"{plain(text)}"
        '<small style="opacity:.75;font-size:.6em;padding-inline-start:.4em;vertical-align:middle">'
        f"{plain(mark.type)}</small></mark>"
    )


def _style(type: str) -> str:
    colour, line, _ = _LOOKS.get(type, _OTHER)
    return (
        f"background:rgba({colour},.2);color:inherit;border-bottom:2px {line} rgb({colour});"
        "border-radius:3px;padding:0 .2em;box-decoration-break:clone"
    )


def _quoted(text: str) -> str:
    return escape(named(text), quote=True)


def _safe(text: str) -> str:
    """Escape a text; what a page may not hold is shown by name."""
    if text.isascii() and text.isprintable():
        return escape(text)
    parts = []
    for letter in text:
        shown = _letter(letter)
        if shown == letter:
            parts.append(escape(letter))
        else:
            name = unicodedata.name(letter, "control character")
            parts.append(f'<span dir="ltr" style="opacity:.6" title="{name}">{shown}</span>')
    return "".join(parts)


def _letter(letter: str) -> str:
    code = ord(letter)
    if code in _TURNING or code in _CONTROLS:
        return f"[U+{code:04X}]"
    # A page is UTF-8, which cannot hold the lone surrogates that a str can.
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code <= 0xDFFF else letter
