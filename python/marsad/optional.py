"""Libraries that Marsad works with where they are installed, and does without where they are not."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

#: What the extras of the package install, by the name of the module.
_EXTRAS = {
    "matplotlib": "plot",
    "networkx": "plot",
    "numpy": "plot",
    "pandas": "pandas",
    "polars": "polars",
    "pyarrow": "pandas",
    "pyspark": "spark",
    "sklearn": "sklearn",
}


def find(name: str) -> ModuleType | None:
    """Import a module, or give None where it cannot be."""
    try:
        return import_module(name)
    except ImportError:
        return None


def need(name: str) -> ModuleType:
    """Import a module, or say how to install it."""
    try:
        return import_module(name)
    except ImportError as fault:
        package = name.partition(".")[0]
        mend = f"'marsad[{_EXTRAS[package]}]'" if package in _EXTRAS else package
        raise ModuleNotFoundError(f"{package} is not installed; pip install {mend}", name=package) from fault
