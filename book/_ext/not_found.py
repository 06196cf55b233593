"""Write ``404.html``: one file, served by a static host for any missing path, at any depth, under any prefix."""

import json
import string
from html import escape
from pathlib import Path

from sphinx.application import Sphinx

TEMPLATE = Path(__file__).with_name("not_found.html")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_page(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    palette = json.loads((Path(app.srcdir) / "udl_core/palette.json").read_text(encoding="utf-8"))
    colours = {
        f"{mode}_{role}": palette[mode][role] for mode in ("light", "dark") for role in ("ink", "paper", "model")
    }
    links = {
        "home": app.builder.get_target_uri(app.config.root_doc),
        "search": app.builder.get_target_uri("search"),
    }
    page = string.Template(TEMPLATE.read_text(encoding="utf-8"))
    content = page.substitute(title=escape(app.config.html_title), **colours, **links)
    (Path(app.outdir) / "404.html").write_text(content, encoding="utf-8")
