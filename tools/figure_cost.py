"""What each live figure costs, in lines that are not blank: python tools/figure_cost.py [--most 450], or make costs.

A figure's own files are those of its name, in Python and in TypeScript; what figures share is counted once, below.
Made files (js/src/declared) cost nobody anything. With ``--most`` it fails when the mean is above.
"""

import argparse
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.live_figures import ROWS
from udl_core import widgets

ROOT = Path(__file__).resolve().parents[1]
SHARED = [
    "udl_core/widgets/*.py",
    "udl_core/figures/scene.py",
    "js/src/*.ts",
    "js/src/*/*.ts",
    "js/src/*.css",
    "tests/scenes.py",
    "tests/live_figures.py",
    "tests/unit/test_live_figures.py",
    "js/test/scenes.*.ts",
]


def lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def row_lines(kind: type) -> int:
    """Lines of the figure's row in tests/live_figures.py."""
    text = (ROOT / "tests/live_figures.py").read_text(encoding="utf-8")
    match = re.search(rf"^    widgets\.{kind.__name__}: Row\(\n(.*?)^    \),\n", text, re.M | re.S)
    return len(match[0].splitlines()) if match else 0


def own_files(kind: type) -> list[Path]:
    name = kind.figure.replace("-", "_")  # type: ignore[attr-defined]
    patterns = [
        f"udl_core/widgets/{name}.py",
        f"js/src/figures/{name}.ts",
        f"js/src/figures/{name}/*",
        f"js/src/**/{name}.css",
    ]
    tests = [f"tests/*/test_{name}.py", f"js/test/{name}.test.ts"]
    return sorted({path for pattern in patterns + tests for path in ROOT.glob(pattern)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--most", type=float, help="fail when the mean is above")
    most = parser.parse_args().most
    print(f"{'figure':24}{'Python':>8}{'page':>8}{'tests':>8}{'in all':>8}")
    totals, owned = [], set()
    for kind in sorted(ROWS, key=lambda kind: kind.figure):
        files = own_files(kind)
        owned |= set(files)
        parts = {"Python": 0, "page": 0, "tests": row_lines(kind)}
        for path in files:
            where = path.relative_to(ROOT).as_posix()
            side = "tests" if "test" in where else "Python" if where.startswith("udl_core") else "page"
            parts[side] += lines(path)
        totals.append(sum(parts.values()))
        print(f"{kind.figure:24}" + "".join(f"{n:8}" for n in (*parts.values(), totals[-1])))
    mean = sum(totals) / len(totals)
    print(f"{'mean':24}{mean:32.0f}")
    shared = {path for pattern in SHARED for path in ROOT.glob(pattern)} - owned
    shared = {path for path in shared if path.parent.name != "declared"}
    print(f"{'shared, and not yet declared':28}{sum(map(lines, shared)):28}")
    waiting = [name for name in widgets.__all__ if name != "LiveFigure" and not getattr(widgets, name).layout]
    print(f"not yet declared: {', '.join(waiting) or 'none'}")
    if most and mean > most:
        raise SystemExit(f"a figure costs {mean:.0f} lines in the mean, more than {most:.0f}")


if __name__ == "__main__":
    main()
