"""Runs the benchmarks and prints one table.

To add one, write a module with a function `lines()` that yields `Line`s and name it in BENCHMARKS.
"""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from benchmarks.measure import Line

BENCHMARKS = ("imports", "gradients", "convolution", "transformer", "regions", "deep_regions", "pages")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, or JSON with --json. Returns 1 if a goal was missed, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure against PyTorch and other peers."
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"which, of {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark {name!r}, choose from {', '.join(BENCHMARKS)}")

    found: list[Line] = []
    if not options.json:
        print(", ".join(f"{what} {which}" for what, which in machine().items()))
        print(ROW.format("", "ours", "peer", "", "ratio", "goal"))
    for name in options.names or BENCHMARKS:
        for line in import_module(f"benchmarks.{name}").lines():
            found.append(line)
            if not options.json:
                print(row(line), flush=True)
    if options.json:
        numbers = [vars(line) | {"ratio": line.ratio, "met": line.met} for line in found]
        print(json.dumps({"machine": machine(), "lines": numbers}, indent=2))
    missed = sum(not line.met for line in found)
    if missed:
        print(f"{missed} of {len(found)} goals missed", file=sys.stderr)
    return int(missed > 0)


def machine() -> dict[str, str]:
    """What the ratios depend on: the processor, and the libraries that multiply matrices."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    found = {
        "processor": _processor(),
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "BLAS": f"{blas['name']} {blas['version']}",
    }
    with suppress(PackageNotFoundError):  # some benchmarks do without
        found["PyTorch"] = version("torch")
    return found


def _processor() -> str:
    """Its name, if the system tells."""
    told = Path("/proc/cpuinfo")
    for line in told.read_text().splitlines() if told.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


ROW = "{:<70} {:>9} {:>9}  {:<26} {:>7} {:>6}"


def row(line: Line) -> str:
    """One line of the table."""
    goal = "" if line.goal is None else f"{line.goal:g}"
    ratio = f"{line.ratio:.3g}" + ("" if line.met else " !")
    return ROW.format(line.what, seconds(line.ours), seconds(line.peer), line.peer_name, ratio, goal).rstrip()


def seconds(time: float) -> str:
    """A time in a unit that suits it, with three digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if time >= size:
            return f"{time / size:.3g} {unit}"
    return f"{time * 1e6:.3g} µs"
