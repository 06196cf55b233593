"""Put "Run in browser" on every notebook page, when the in-browser Python has been built.

``make book`` assembles it in ``.cache/lite/site``; it is copied into the site as ``lite/``. Without it the book
builds just the same, and there is no button.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

SITE = Path(".cache/lite/site")
SIZE = Path("udl/size.json")  # what a first visit loads, weighed when the site was assembled
log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", look_for_python)
    app.connect("html-page-context", add_button)
    app.connect("build-finished", copy_site)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def look_for_python(app: Sphinx) -> None:
    size = Path(app.srcdir) / SITE / SIZE
    app.lite_megabytes = json.loads(size.read_text())["megabytes"] if size.exists() else None  # type: ignore[attr-defined]
    if app.lite_megabytes is None:  # type: ignore[attr-defined]
        log.info("no in-browser Python in %s: pages get no Run button (make book builds it)", SITE)


def add_button(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the header template what the button and its dialog need; relative addresses work under any prefix."""
    size: int | None = app.lite_megabytes  # type: ignore[attr-defined]
    notebook = f"{pagename}.ipynb"
    if doctree is None or not app.env.doc2path(pagename).endswith(".ipynb"):
        return
    context["notebook_source"] = context["pathto"](f"_sources/{notebook}", 1)
    if size is None:
        return
    lite = context["pathto"]("lite/", 1)
    context["run"] = {
        "what": "these exercises" if pagename.startswith("book/exercises/") else "this chapter",
        "notebook": notebook,
        "lite": lite,
        "url": f"{lite}notebooks/index.html?path={notebook}",
        "reset": f"{lite}udl/reset.mjs",
        "megabytes": size,
    }


def copy_site(app: Sphinx, exception: Exception | None) -> None:
    """Bring ``lite/`` up to date, touching only files that changed."""
    if exception or app.builder.format != "html":
        return
    source, target = Path(app.srcdir) / SITE, Path(app.outdir) / "lite"
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    if app.lite_megabytes is None:  # type: ignore[attr-defined]
        wanted = set()
    for path in [path for path in target.rglob("*") if path.is_file()]:
        if path.relative_to(target) not in wanted:
            path.unlink()
    for name in wanted:
        old, new = source / name, target / name
        if not new.exists() or same_stamp(old) != same_stamp(new):
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old, new)


def same_stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, int(status.st_mtime)
