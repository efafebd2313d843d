"""What a caller gives, checked: an error names the argument, what was found and what is due."""

from __future__ import annotations

import os
import sys
from operator import index
from typing import SupportsIndex


def whole(argument: str, value: SupportsIndex | None, least: int = 0, most: int = sys.maxsize) -> int | None:
    """Take a whole number in bounds, or None."""
    try:
        if value is None:
            return None
        if isinstance(value, bool):
            raise TypeError
        number = index(value)
    except TypeError:
        raise TypeError(f"{argument}: found {type(value).__name__}; a whole number or None is due") from None
    if not least <= number <= most:
        up = "up" if most == sys.maxsize else f"to {most:,}"
        raise ValueError(f"{argument}: found {number}; a number from {least} {up}, or None, is due")
    return number


def word(argument: str, value: str) -> str:
    """Take a str that UTF-8 can hold."""
    if not isinstance(value, str):
        raise TypeError(f"{argument}: found {type(value).__name__}; a str is due")
    return _sound(argument, value)


def path(argument: str, value: str | os.PathLike[str]) -> str:
    """Take a path that the system can hold."""
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{argument}: found {type(value).__name__}; a path is due")
    name = os.fsdecode(value)
    if "\0" in name:
        raise ValueError(f"{argument}: {name!r} holds a NUL character, which no path can hold")
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return _sound(argument, name)
    return name


def _sound(argument: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{argument}: {text!r} holds a lone surrogate, which no text can hold") from None
    return text
