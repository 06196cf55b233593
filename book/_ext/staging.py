"""A folder of static files that the extensions fill before Sphinx copies its own.

Jupyter Book adds every ``*.js`` of a ``_static`` folder to every page; files staged here are only served.
"""

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
