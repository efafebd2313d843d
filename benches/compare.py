"""Marsad beside other tools, in one run: ``make bench``, or ``python benches/compare.py --help``.

Makes ``bench-venv`` with the peers at fixed versions and the wheel of ``target/wheels``, then runs ``benches/compare``
in it: one process, one thread each but where it says two, rounds in which every contestant has its turn. Prints
Markdown and saves ``benches/results/latest.json``; a whole run also writes ``docs/benchmarks.md``, its record
``docs/benchmarks.json`` and its pictures.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / "bench-venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RESULTS = ROOT / "benches" / "results" / "latest.json"

#: What Marsad is measured with and against.
PINS = (
    "numpy==2.4.6",
    "pyarrow==26.0.1",
    "pandas==3.1.1",
    "matplotlib==3.11.2",
    "polars==2.1.0",
    "arabic-norm==0.1.0",
    "pyarabic==0.6.15",
    "daachorse==0.5.0",
    "pyahocorasick==2.3.1",
    "spacy==3.8.18",
    "dateparser==1.5.0",
    "arabic-itn==0.1.0",
)
#: One thread each, whatever library starts them.
THREADS = (
    "MARSAD_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "ARROW_NUM_THREADS",
)


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def install_peers() -> dict[str, str]:
    """Install the pinned peers where that has not been done; give those that cannot be installed, with the reason."""
    if not PYTHON.exists():
        print(f"making {VENV.name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    done = VENV / "pins.txt"
    if done.exists() and done.read_text() == "\n".join(PINS):
        return {}
    print(f"installing {', '.join(PINS)}", file=sys.stderr)
    missing = {}
    if pip(*PINS).returncode != 0:
        for pin in PINS:
            tried = pip(pin)
            if tried.returncode != 0:
                missing[pin.partition("==")[0]] = (tried.stderr.strip().splitlines() or ["pip failed"])[-1]
    if not missing:
        done.write_text("\n".join(PINS))
    return missing


def wheel_of(given: str | None) -> Path:
    if given:
        return Path(given)
    wheels = sorted((ROOT / "target" / "wheels").glob("marsad-*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    if not wheels:
        sys.exit("target/wheels holds no wheel of marsad; run `make bench`, or `make wheel` first")
    return wheels[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description="Marsad beside other tools, in one run.")
    parser.add_argument("--rounds", type=int, default=7, help="how often each contestant has its turn (default 7)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="4 MB of text instead of 24, 3 rounds, smaller sizes; leaves the page alone",
    )
    parser.add_argument(
        "--only",
        metavar="PART",
        action="append",
        help="arrow, str, names, dates, analysis, threads, costs, memory, documents, length or lexicon; repeatable; "
        "leaves the page alone",
    )
    parser.add_argument(
        "--page", action="store_true", help="write the page all the same: with --only, these parts of it anew"
    )
    parser.add_argument("--redraw", action="store_true", help="write the page from its record and measure nothing")
    parser.add_argument("--wheel", help="the wheel to measure (default: the newest of target/wheels)")
    given = parser.parse_args()
    wheel = wheel_of(given.wheel)
    missing = install_peers()
    installed = pip("--force-reinstall", "--no-deps", str(wheel))
    if installed.returncode != 0:
        sys.exit(f"{wheel}: {installed.stderr.strip()}")
    command = [str(PYTHON), "-m", "compare", f"--rounds={given.rounds}", f"--wheel={wheel}", f"--results={RESULTS}"]
    shown = " ".join(["python benches/compare.py", *sys.argv[1:]]) if sys.argv[1:] else "make bench"
    command += [f"--command={shown}"]
    command += ["--quick"] if given.quick else []
    command += ["--redraw"] if given.redraw else []
    command += ["--page"] if given.page or not (given.quick or given.only) else []
    command += [f"--only={part}" for part in given.only or []]
    command += [f"--missing={peer}: {reason}" for peer, reason in missing.items()]
    environment = {**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": str(ROOT / "benches")}
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
