"""Runs the notebooks, and takes their outputs out: python tools/notebooks.py [--execute] [--strip] [NOTEBOOK...]

--execute runs each in a kernel of this Python and prints how long it took; a cell that fails ends with exit status 1.
Nothing of what comes out is written. --strip writes notebooks without outputs, execution counts and what editors leave.
With neither, or with both, notebooks are stripped and then executed. Without a NOTEBOOK all of notebooks/ are meant.
--execute needs nbclient and ipykernel.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
#: What is kept of a notebook's own metadata.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
#: Seconds that a cell may take.
LONGEST = 60


def stripped(text: str) -> str:
    """A notebook as it is kept: cells and their sources, numbered from 1."""
    book = json.loads(text)
    cells = []
    for place, cell in enumerate(book["cells"], 1):
        code = {"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}
        lines = "".join(cell["source"]).splitlines(keepends=True)
        kept = {"cell_type": cell["cell_type"], "id": f"cell-{place}", "metadata": {}, "source": lines, **code}
        cells.append(dict(sorted(kept.items())))
    whole = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def execute(path: Path) -> Any:
    """Run a notebook in its folder; the result has its outputs. ``nbclient`` raises what a cell raises."""
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, timeout=LONGEST, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}})
    return client.execute()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--strip", action="store_true")
    parser.add_argument("--execute", action="store_true")
    given = parser.parse_args(arguments)
    both = given.strip == given.execute
    if corpus := os.environ.get("MARSAD_CORPUS"):
        # A notebook runs in its own folder.
        os.environ["MARSAD_CORPUS"] = os.path.abspath(corpus)
    failed = 0
    for path in given.notebooks or sorted(FOLDER.glob("*.ipynb")):
        if given.strip or both:
            text = path.read_text(encoding="utf-8")
            if stripped(text) != text:
                path.write_text(stripped(text), encoding="utf-8")
                print(f"{path.name}: stripped")
        if given.execute or both:
            start = time.monotonic()
            try:
                execute(path)
            except Exception as fault:
                sys.stderr.write(f"{path.name}: {fault}\n")
                failed = 1
                continue
            print(f"{path.name}: {time.monotonic() - start:.1f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
