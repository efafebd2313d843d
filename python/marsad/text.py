"""Normalization and tokens."""

from __future__ import annotations

import sys
from collections import namedtuple
from operator import index
from typing import TYPE_CHECKING, Any, SupportsIndex

from marsad import _marsad
from marsad.arguments import word

if TYPE_CHECKING:
    from typing import NamedTuple

    class Token(NamedTuple):
        """A piece of a text."""

        text: str
        start: int
        end: int
        kind: str
        normalized: str
        proclitics: tuple[str, ...]

else:
    Token = namedtuple("Token", "text start end kind normalized proclitics")
    Token.__module__ = __name__
    Token.__doc__ = """A piece of a text.

``text`` is ``source[start:end]``, ``start`` and ``end`` are code points. ``kind`` is "word", "number", "latin",
"punctuation", "url", "email", "hashtag", "mention", "emoji" or "space". ``normalized`` is the piece as the analyzer
reads it. ``proclitics`` are the likely conjunction, particle and article written on the front of a word, in order.
"""


class Alignment:
    """A normalized text with the way back to its source; all positions are code points.

    ``Normalizer.align`` makes it. A position outside its text counts as the nearest one inside.
    """

    __slots__ = ("_core", "_normalizer")

    def __init__(self, normalizer: Normalizer, source: str) -> None:
        self._normalizer = normalizer
        self._core = normalizer._core.align(source)

    @property
    def text(self) -> str:
        """The normalized text."""
        return self._core.text

    @property
    def source(self) -> str:
        """The source text, lone surrogates replaced."""
        return self._core.source

    def to_source(self, start: SupportsIndex, end: SupportsIndex) -> tuple[int, int]:
        """Say where ``text[start:end]`` stands in the source, with the marks deleted after its last letter."""
        return self._core.to_source(_place("start", start), _place("end", end))

    def to_normalized(self, start: SupportsIndex, end: SupportsIndex) -> tuple[int, int]:
        """Say where ``source[start:end]`` stands in the normalized text."""
        return self._core.to_normalized(_place("start", start), _place("end", end))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Alignment):
            return NotImplemented
        return self.source == other.source and self._normalizer.enabled == other._normalizer.enabled

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Alignment, (self._normalizer, self.source)

    def __repr__(self) -> str:
        return f"Alignment({_head(self.source)!r} -> {_head(self.text)!r})"


def _place(name: str, value: SupportsIndex) -> int:
    """Read a position: none is before 0, and none is after the longest text that memory can hold."""
    try:
        return min(max(index(value), 0), sys.maxsize)
    except TypeError:
        raise TypeError(f"{name}: found {type(value).__name__}; a whole number is due") from None


def _head(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


class Normalizer:
    """Folds the spellings of Arabic text onto one.

    Parameters
    ----------
    profile
        "light" cleans and keeps correct Arabic; "search" (the default) makes one key of the spellings of a word;
        "skeleton" also folds careless and emphatic spellings.
    **options
        Single options on or off on top of the profile: ``ta_marbuta=False``. ``Normalizer.options()`` lists them.

    Raises
    ------
    ValueError
        For a profile or option that does not exist; the message lists the ones that do.
    TypeError
        For an option that is neither True nor False.

    Examples
    --------
    >>> Normalizer("search").normalize("إلى مدرسةِ الـحيّ")
    'الي مدرسه الحي'
    >>> Normalizer("search", ta_marbuta=False).normalize("مدرسة")
    'مدرسة'
    """

    __slots__ = ("_changes", "_core", "_profile")

    def __init__(self, profile: str = "search", **options: bool) -> None:
        self._profile = word("profile", profile)
        for name in options:
            word(ascii(name)[1:-1], name)
        self._changes = dict(options)
        self._core = _marsad.Normalizer(profile, self._changes)

    @staticmethod
    def options() -> dict[str, str]:
        """Name and meaning of every option, in the order in which they apply to a character."""
        return dict(_marsad.options())

    @staticmethod
    def profiles() -> dict[str, list[str]]:
        """List the profiles and the options that each turns on."""
        return dict(_marsad.profiles())

    @property
    def profile(self) -> str:
        """The profile that it starts from."""
        return self._profile

    @property
    def enabled(self) -> list[str]:
        """The options that are on, in the order in which they apply."""
        return self._core.enabled()

    def normalize(self, x: Any) -> Any:
        """Normalize a string, or each string of a column.

        ``x`` is a str, a list or tuple, a pandas Series or Index, a NumPy array, a Polars Series, or a PyArrow Array or
        ChunkedArray (utf8, large_utf8, utf8_view or a dictionary of these). The result is of the same kind; null
        stays null, and a pandas index and name stay too. A lone surrogate in a str becomes U+FFFD.
        """
        if isinstance(x, str):
            return self._core.text(x)
        from marsad.frames import normalize_column

        return normalize_column(self._core, x)

    def align(self, text: str) -> Alignment:
        """Normalize a string and keep the way back to it.

        Examples
        --------
        >>> aligned = Normalizer().align("في الـعِراق")
        >>> aligned.text
        'في العراق'
        >>> aligned.to_source(3, 9)
        (3, 11)
        """
        return Alignment(self, text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _normalizer, (self._profile, self._changes)

    def __repr__(self) -> str:
        changes = "".join(f", {name}={on}" for name, on in self._changes.items())
        return f"Normalizer({self._profile!r}{changes})"


def _normalizer(profile: str, changes: dict[str, bool]) -> Normalizer:
    return Normalizer(profile, **changes)


_known: dict[tuple[Any, ...], Normalizer] = {}


def normalize(x: Any, profile: str = "search", **options: bool) -> Any:
    """Normalize a string, or each string of a column: ``Normalizer(profile, **options).normalize(x)``.

    Examples
    --------
    >>> normalize("أَحْمَدُ")
    'احمد'
    >>> normalize(["مِصْرُ", None])
    ['مصر', None]
    """
    key = (profile, *((name, on, type(on)) for name, on in options.items()))
    try:
        normalizer = _known.get(key)
    except TypeError:
        normalizer = None
    if normalizer is None:
        normalizer = Normalizer(profile, **options)
        if len(_known) < 64:
            _known[key] = normalizer
    return normalizer.normalize(x)


def tokenize(text: str) -> list[Token]:
    """Cut a text into words, numbers, punctuation and white space, which together are the text.

    Examples
    --------
    >>> [(token.text, token.proclitics) for token in tokenize("وبالرياض") if token.kind != "space"]
    [('وبالرياض', ('و', 'ب', 'ال'))]
    """
    rows = _marsad.tokenize(text)
    return [
        Token(text[start:end], start, end, kind, normalized, tuple(proclitics))
        for start, end, kind, normalized, proclitics in rows
    ]
