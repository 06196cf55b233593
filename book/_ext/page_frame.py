"""The frame around every page: our own templates, style sheet and script in place of parts of the theme's."""

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

BOOK = Path(__file__).parents[1]
# Served by the theme, used by nothing: the icon script alone weighs more than everything else on a page together.
UNUSED = (
    "_static/scripts/fontawesome.js",
    "_static/scripts/*.map",
    "_static/styles/*.map",
    "_static/vendor",
    "_static/images/logo_*",
    "_static/sphinx-thebe.*",
    "_static/*webpack-macros.html",
)

NEEDED_FOR = {"sphinx-design": 'class="sd-', "design-tabs": 'class="sd-', "togglebutton": "dropdown"}


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", use_own_files)
    app.connect("html-page-context", name_citations)
    app.connect("html-page-context", name_front_page)
    app.connect("html-page-context", drop_unused_assets, priority=900)
    app.connect("build-finished", remove_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def use_own_files(app: Sphinx, config: Config) -> None:
    config.templates_path.append(str(BOOK / "_templates"))
    config.html_static_path.append(str(BOOK / "_static"))
    app.add_css_file("icons.css", priority=890)
    app.add_css_file("site.css", priority=900)
    app.add_js_file("site.mjs", type="module")


def name_citations(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the entries of the bibliography's list the role that a list asks of its children."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def name_front_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """The front page's title is the book's, once; and a line for search engines."""
    if pagename == app.config.root_doc:
        context["docstitle"] = ""
        description = (
            "An interactive companion to Understanding Deep Learning: figures to drag, code to run in the page."
        )
        context["metatags"] = f'{context.get("metatags", "")}<meta name="description" content="{description}">'


def drop_unused_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load sphinx-design's files only where its cards and tabs are, and the boxes' switch only where one closes."""
    body = context.get("body", "")
    dropped = [name for name, mark in NEEDED_FOR.items() if mark not in body]
    for kind in ("script_files", "css_files"):
        context[kind] = [
            asset
            for asset in context.get(kind, [])
            if not any(name in str(getattr(asset, "filename", asset)) for name in dropped)
        ]


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    for pattern in UNUSED:
        for path in Path(app.outdir).glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
