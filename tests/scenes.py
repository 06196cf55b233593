"""What every live figure shows and says in its states, for `js/test/scenes.test.ts`: python tests/scenes.py FOLDER."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.live_figures import ROWS, bad, one_by_one, states
from tests.vectors import plain
from udl_core.widgets import LiveFigure


def cases(kind: type[LiveFigure]) -> dict[str, Any]:
    """States with their scene, words and code, and for each field what must be refused."""
    shown = []
    for state in states(kind):
        w = kind(**state)
        scene = {name: [plain(x), plain(y), *text] for name, (x, y, *text) in one_by_one(w.scene()).items()}
        said = {"words": w.words(), "rows": w.rows(), "truth": w.truth() if w.question else None}
        shown.append({"state": w.to_dict(), "scene": scene, **said, "python": w.python()})
    refused = []
    for name, field in kind.fields().items():
        for value in bad(field):
            if isinstance(value, np.ndarray) and value.dtype.kind == "O":
                continue  # its numbers are as good as any in JSON
            try:
                refused.append({"name": name, "value": json.loads(json.dumps(plain(value), allow_nan=False))})
            except (TypeError, ValueError, OverflowError):
                continue  # nothing that JSON can hold
    return {"shown": plain(shown), "refused": refused}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ROWS:
        (folder / f"{kind.figure}.json").write_text(json.dumps(cases(kind)))
