"""Formulas: set by KaTeX while the book is built, so that they stand at a page's first paint and without scripts.

KaTeX is JavaScript; it runs in the engine that the package mini-racer brings. Where that is not installed the pages
load MathJax instead, which sets the same formulas in the reader's browser.
"""

import hashlib
import html
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from staging import stage

KATEX = Path(__file__).parents[1] / "katex"  # version 0.19.1, as its npm package holds it
MATHJAX_PACKAGE = "sphinx-mathjax-offline"  # MathJax 3.2.2 in a wheel
# The first formula needs these two: asked for at once, they come before the page is first drawn.
FIRST_FONTS = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")
NUMBERED = re.compile(r"\{(align|alignat|equation|gather)\}")  # by Sphinx, where a label asks for a number
SETTINGS = "{displayMode: display, throwOnError: true, strict: false, output: 'htmlAndMathml'}"

log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("katex", (visit_math, None), (visit_display_math, None))
    app.connect("config-inited", choose_renderer, priority=900)
    app.connect("builder-inited", stage_renderer)
    app.connect("html-page-context", load_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def choose_renderer(app: Sphinx, config: Config) -> None:
    try:
        engine()
    except Exception as error:  # not installed, or not for this machine
        log.info("formulas are left to MathJax in the reader's browser: %s", error)
        config.html_math_renderer = "mathjax"
    else:
        config.html_math_renderer = "katex"


def stage_renderer(app: Sphinx) -> None:
    """Stage the files that the pages load; each must have the SHA-256 that its list beside this module gives."""
    if app.config.html_math_renderer == "mathjax":
        spec = find_spec(MATHJAX_PACKAGE)
        if spec is None or spec.origin is None:
            raise ExtensionError(f"{MATHJAX_PACKAGE} is not installed: pip install -r requirements.txt")
        for name, content in pinned(Path(spec.origin).parent / "static/mathjax", "mathjax.sha256").items():
            stage(app, f"mathjax/{name}", content)
        return
    for name, content in pinned(KATEX, "katex.sha256").items():
        if name.endswith(".css"):
            stage(app, "katex/katex.css", only_woff2(content.decode()).encode())
        elif name.endswith(".woff2"):
            stage(app, f"katex/{name}", content)


def pinned(folder: Path, pins: str) -> dict[str, bytes]:
    """The files that the list ``pins`` names, each checked against its hash there."""
    found = {}
    for line in Path(__file__).with_name(pins).read_text(encoding="utf-8").splitlines():
        expected, name = line.split()
        found[name] = (folder / name).read_bytes()
        if hashlib.sha256(found[name]).hexdigest() != expected:
            raise ExtensionError(f"{folder.name}/{name} differs from the pinned file (see book/_ext/{pins})")
    return found


def only_woff2(style: str) -> str:
    """Every browser in use takes the first of the three formats that KaTeX's style sheet offers."""
    return re.sub(r',url\(fonts/[^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", style)


def load_style(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if 'class="katex' not in context.get("body", ""):
        return
    app.add_css_file("katex/katex.css", priority=880)
    files = [context["pathto"](f"_static/katex/fonts/{font}.woff2", resource=True) for font in FIRST_FONTS]
    preload = '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}">'
    context["metatags"] = context.get("metatags", "") + "".join(preload.format(file) for file in files)


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(f"{set_formula(node.astext(), False, node)}</span>")
    raise nodes.SkipNode


def visit_display_math(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    tex = NUMBERED.sub(r"{\1*}", node.astext()) if node["nowrap"] else in_lines(node.astext())
    self.body.append(f"{set_formula(tex, True, node)}</div>\n")
    raise nodes.SkipNode


def in_lines(tex: str) -> str:
    """What Sphinx means by a block of formulas: an empty line parts two, and two backslashes break one into lines."""
    parts = [part.strip() for part in tex.split("\n\n") if part.strip()]
    lines = [rf"\begin{{aligned}}{part}\end{{aligned}}" if r"\\" in part else part for part in parts]
    return lines[0] if len(lines) == 1 else r"\begin{gathered}" + r"\\".join(lines) + r"\end{gathered}"


def set_formula(tex: str, display: bool, node: nodes.Node) -> str:
    """A formula as HTML to be seen and MathML to be heard; what KaTeX cannot set stays as it is written."""
    try:
        return str(engine().call("setFormula", tex.strip(), display))
    except Exception as error:
        said = str(error).split("\n")[0]
        log.warning("KaTeX cannot set %r: %s", tex, said, location=node, type="formulas", subtype="katex")
        return f"<code>{html.escape(tex)}</code>"


@cache
def engine() -> Any:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval((KATEX / "katex.min.js").read_text(encoding="utf-8"))
    engine.eval(f"const setFormula = (tex, display) => katex.renderToString(tex, {SETTINGS})")
    return engine
