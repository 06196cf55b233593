"""A folder of static files that the extensions fill before Sphinx copies its own.

Jupyter Book adds every ``*.js`` of a ``_static`` folder to every page; files staged here are only served.
"""

from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx


def stage(app: Sphinx, name: str, content: bytes) -> str:
    """Serve ``content`` as ``_static/<name>`` and return ``name``."""
    folder = Path(app.outdir).parent / "staged"
    if str(folder) not in app.config.html_static_path:
        app.config.html_static_path.append(str(folder))
    path = folder / name
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return name


def sweep(app: Sphinx, folder: str, keep: Iterable[str]) -> None:
    """Remove what earlier builds left in ``_static/<folder>``: files with hashes in their names pile up."""
    kept = {Path(name).name for name in keep}
    for static in (Path(app.outdir).parent / "staged", Path(app.outdir) / "_static"):
        for path in (static / folder).glob("*"):
            if path.name not in kept:
                path.unlink()
