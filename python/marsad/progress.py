"""How far a long run has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

Progress = Callable[[int], None]


def watcher(progress: Any, total: int | None = None) -> tuple[Progress | None, Callable[[], None]]:
    """Give what to call with the number of documents done, and what to call at the end.

    ``progress`` is None (shown where a person watches: a terminal or a notebook), True, False, or a function that
    takes the number of documents done.
    """
    if callable(progress):
        return progress, _nothing
    if not (progress is None or isinstance(progress, bool)):
        raise TypeError(f"progress: found {type(progress).__name__}; None, True, False or a function is due")
    if progress is False or (progress is None and not _is_watched()):
        return None, _nothing
    try:
        from tqdm.auto import tqdm
    except ImportError:
        line = _Line(total, keep=progress is True)
        return line.update, line.close
    bar = tqdm(total=total, unit=" documents", desc="marsad", leave=progress is True)
    return lambda done: bar.update(done - bar.n) and None, bar.close


def _nothing() -> None:
    return None


def _is_watched() -> bool:
    return "ipykernel" in sys.modules or bool(getattr(sys.stderr, "isatty", lambda: False)())


class _Line:
    """One line on the standard error stream, rewritten a few times a second."""

    def __init__(self, total: int | None, *, keep: bool = False) -> None:
        self.total = total
        self.keep = keep
        self.done = 0
        self.start = self.shown = time.monotonic()
        self.written = False

    def update(self, done: int) -> None:
        self.done = done
        now = time.monotonic()
        if now - self.shown < 0.2 and done != self.total:
            return
        self.shown = now
        self.write("\x1b[K")

    def write(self, end: str) -> None:
        of = f" of {self.total:,}" if self.total else ""
        rate = self.done / max(time.monotonic() - self.start, 1e-9)
        sys.stderr.write(f"\rmarsad: {self.done:,}{of} documents, {rate:,.0f}/s{end}")
        sys.stderr.flush()
        self.written = True

    def close(self) -> None:
        if self.keep:
            self.write("\n")
        elif self.written:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
