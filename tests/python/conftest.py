"""What the tests share: one analyzer, a few texts of our own, and ways to run Python and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import marsad
import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Sentences written for these tests: id, day, text.
ARTICLES = [
    ("a", "2025-03-05", "زار محمد شياع السوداني القاهرة أمس. وقال السوداني إن العراق سيشارك في القمة."),
    ("b", "2025-03-19", "أعلنت الأمم المتحدة في 5 آذار 2025 أن بغداد ومسقط وقعتا اتفاقا."),
    ("c", None, "لا شيء يذكر هنا سوى كلام عام."),
    ("d", "2024-12-31", "وصلت بعثة الأمم المتحدة إلى الخرطوم يوم 14 رمضان 1446 هـ.\nثم غادرت إلى القاهرة."),
    ("e", "2025-03-06", None),
    ("f", None, "تونس - 10 فيفري 2025\nالتقى الرئيس وفدا من الجزائر اليوم."),
    ("g", "2025-03-05", "بغداد بغداد بغداد"),
]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def analyzer() -> marsad.Analyzer:
    """An analyzer with the built-in lexicon and two threads."""
    return marsad.Analyzer(threads=2)


@pytest.fixture
def corpus() -> list[dict[str, Any]]:
    """The articles as rows."""
    return [{"id": id, "published": published, "text": text} for id, published, text in ARTICLES]


@pytest.fixture
def texts() -> list[str | None]:
    """The texts of the articles alone."""
    return [text for _, _, text in ARTICLES]


@pytest.fixture(scope="session")
def found(analyzer: marsad.Analyzer) -> marsad.Analysis:
    """What the analyzer finds in the articles."""
    return analyzer.analyze_corpus(
        [{"id": id, "published": published, "text": text} for id, published, text in ARTICLES]
    )


@pytest.fixture(scope="session")
def python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a Python program of its own; fails if it does not end in time."""

    def run(program: str, *options: str, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *options, "-c", program],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as it is installed."""
    script = Path(sys.executable).with_name("marsad")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "marsad"]

    def run(*arguments: Any, input: str | bytes | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        data = input.encode("utf-8") if isinstance(input, str) else input
        done = subprocess.run(
            [*start, *map(str, arguments)],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            timeout=60,
            env={**os.environ, **environment},
            check=False,
        )
        out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run
