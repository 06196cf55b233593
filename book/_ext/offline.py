"""Serve everything a page needs from the site itself: no request ever goes to another host."""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from staging import stage

MATHJAX_PACKAGE = "sphinx-mathjax-offline"  # MathJax 3.2.2 in a wheel, so that building needs no Node
PINS = Path(__file__).with_name("mathjax.sha256")
FOREIGN = ("thebe", "fonts.googleapis.com", "require.js", "requirejs")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", stage_mathjax)
    app.connect("html-page-context", drop_foreign_assets, priority=900)  # after every extension has added its own
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def stage_mathjax(app: Sphinx) -> None:
    """Stage MathJax: its main script, the extensions that a formula may ask for, and its fonts.

    Each file must have the SHA-256 that ``mathjax.sha256`` lists. ``mathjax_path`` in ``_config.yml`` names the main
    script; Sphinx loads it on pages with mathematics only.
    """
    spec = find_spec(MATHJAX_PACKAGE)
    if spec is None or spec.origin is None:
        raise ExtensionError(f"{MATHJAX_PACKAGE} is not installed: pip install -r requirements.txt")
    folder = Path(spec.origin).parent / "static/mathjax"
    for line in PINS.read_text(encoding="utf-8").splitlines():
        expected, name = line.split()
        content = (folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != expected:
            raise ExtensionError(f"{MATHJAX_PACKAGE}: {name} differs from the pinned file (see {PINS.name})")
        stage(app, f"mathjax/{name}", content)


def drop_foreign_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Drop the scripts and fonts that Jupyter Book's extensions would load from elsewhere."""
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context.get(kind, []) if not is_foreign(asset)]


def is_foreign(asset: Any) -> bool:
    attributes = getattr(asset, "attributes", {})
    text = f"{getattr(asset, 'filename', asset)} {attributes.get('body', '')}".lower()
    return any(word in text for word in FOREIGN)
