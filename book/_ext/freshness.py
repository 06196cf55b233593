"""Give every version of the code its own notebook cache.

jupyter-cache keys an executed notebook on the notebook alone. Here the cache also depends on a digest of everything
a chapter runs with, so that a changed ``udl_core`` executes the chapters again. The cache's path is part of Sphinx's
environment: when it changes, Sphinx reads every page again too. A change in ``book/_static`` alone would reach no page,
since Sphinx copies those files only when it writes one: a digest of them makes it write all.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

SOURCES = ("udl_core", "js/src", "requirements.txt", "constraints.txt", "pyproject.toml")
LOOK = ("book/_static", "book/katex")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
KEPT_CACHES = 3


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("udl_look", "", rebuild="html", types=[str])
    app.connect("config-inited", choose_cache)
    app.connect("config-inited", notice_look)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point myst-nb at the cache of this version of the code; forget the oldest caches."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    cache = caches / digest(Path(app.srcdir))
    cache.mkdir(parents=True, exist_ok=True)
    config.nb_execution_cache_path = str(cache)
    for old in sorted(caches.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_CACHES:]:
        if old != cache:
            shutil.rmtree(old) if old.is_dir() else old.unlink()


def notice_look(app: Sphinx, config: Config) -> None:
    config.udl_look = digest(Path(app.srcdir), LOOK)


def digest(root: Path, sources: Iterable[str] = SOURCES) -> str:
    """Sixteen hex digits that change when the name or the content of any source changes."""
    total = hashlib.sha256()
    for path in source_files(root, sources):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def source_files(root: Path, sources: Iterable[str]) -> Iterator[Path]:
    for name in sources:
        source = root / name
        if source.is_file():
            yield source
        for path in sorted(source.rglob("*")):
            if path.is_file() and not IGNORED & set(path.parts):
                yield path
