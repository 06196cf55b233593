"""Bring the live figures to life on a page without a kernel.

A live figure's own HTML (picture and state) is in the page already; see ``nb_mime_priority_overrides`` in
``_config.yml``. What remains is to serve the one bundle under a name that changes with its content, to load it on
the pages that hold a figure, and to leave out the widget manager that myst-nb would add.
"""

import hashlib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from staging import stage, sweep

FRONT_END = Path("udl_core/widgets/static")
MARK = 'data-udl-widget="'
log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", stage_front_end)
    app.connect("env-updated", drop_widget_manager)
    app.connect("html-page-context", load_front_end)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def stage_front_end(app: Sphinx) -> None:
    """Stage ``udl.mjs`` and ``udl.css`` under hashed names; the style sheet also holds the palette of every page."""
    script, style = stage_hashed(app, "udl.mjs"), stage_hashed(app, "udl.css")
    app.udl_script = script  # type: ignore[attr-defined]
    if style:
        app.add_css_file(style, priority=300)
    sweep(app, "udl", filter(None, (script, style)))


def stage_hashed(app: Sphinx, name: str) -> str | None:
    source = Path(app.srcdir) / FRONT_END / name
    if not source.exists():
        log.warning("%s is missing: live figures stay pictures (make bundle builds it)", FRONT_END / name)
        return None
    content = source.read_bytes()
    stem, _, suffix = name.partition(".")
    return stage(app, f"udl/{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}", content)


def drop_widget_manager(app: Sphinx, env: BuildEnvironment) -> None:
    """Forget the widget state and the scripts that myst-nb would load for it from elsewhere."""
    for metadata in getattr(env, "nb_metadata", {}).values():
        scripts = metadata.get("js_files", {})
        for key in [key for key in scripts if key.startswith("ipywidgets_")]:
            del scripts[key]


def load_front_end(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Start the bundle on a page that holds a live figure.

    ``async``: a plain module script would wait for the theme's deferred scripts first.
    """
    script: str | None = app.udl_script  # type: ignore[attr-defined]
    if not script or MARK not in context.get("body", ""):
        return
    url = context["pathto"](f"_static/{script}", 1)
    url = url if url.startswith(".") else f"./{url}"
    context["metatags"] = context.get("metatags", "") + f'\n<link rel="modulepreload" href="{url}">'
    app.add_js_file(None, body=f'import {{ start }} from "{url}"; start();', type="module", **{"async": "async"})
