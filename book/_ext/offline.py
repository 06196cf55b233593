"""Serve everything a page needs from the site itself: no request ever goes to another host."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FOREIGN = ("thebe", "fonts.googleapis.com", "require.js", "requirejs")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", drop_foreign_assets, priority=900)  # after every extension has added its own
    return {"parallel_read_safe": True, "parallel_write_safe": True}


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
