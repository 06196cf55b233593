"""The page that lists every public name: the package's docstrings, read as plain text with `code` in it."""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

EXTRAS = "udl_core.extras."
CODE = re.compile(r"`{1,2}([^`]+)`{1,2}")


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("config-inited", settle)
    app.connect("autodoc-process-docstring", from_plain_text)
    app.connect("autodoc-skip-member", skip_borrowed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def settle(app: Sphinx, config: Config) -> None:
    config.autodoc_typehints = "none"  # shapes say more than `ArrayLike`, and the docstrings have them
    config.autodoc_member_order = "bysource"
    config.autodoc_preserve_defaults = True
    config.autodoc_inherit_docstrings = False  # what every network has stands once, at Network
    config.add_module_names = False
    config.python_use_unqualified_type_names = True
    config.toc_object_entries_show_parents = "hide"


def skip_borrowed(app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """A package lists what its own files define, and what it offers from the extras; all else stands elsewhere."""
    home = getattr(obj, "__module__", None)
    if what != "module" or home is None:
        return None
    return not home.startswith((app.env.temp_data["autodoc:module"], EXTRAS)) or None


def from_plain_text(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """`code` becomes literal, and |z|, φ* and h_ stand for themselves; examples stay as they are."""
    paragraphs = "\n".join(lines).split("\n\n")
    for at, paragraph in enumerate(paragraphs):
        if not paragraph.lstrip().startswith(">>>"):
            pieces = CODE.split(paragraph)  # every other one is code, which may run over the end of a line
            pieces[0::2] = [re.sub(r"([|*\\]|_\b)", r"\\\1", text) for text in pieces[0::2]]
            pieces[1::2] = [f"``{code}``" for code in pieces[1::2]]
            paragraphs[at] = "".join(pieces)
    lines[:] = "\n\n".join(paragraphs).split("\n")
