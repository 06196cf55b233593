"""Build the site's own JupyterLite: Pyodide, NumPy, matplotlib, our packages and the chapters, all served by the site.

    python book/lite/build.py [--out .cache/lite/site]

Nothing is fetched twice (see sources.py) and a second run with nothing changed only compares a digest. Exit codes:
0 built or up to date; 3 a part cannot be fetched (the book builds without the button).
"""

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from notebooks import listed, staged
from packages import package_files, pyodide_lock, udl_core_wheel
from sources import HERE, LABEXTENSIONS, Unreachable, cache_folder, fetch, read_parts
from udl_exercises.author import plain

ROOT = HERE.parents[1]
UNREACHABLE = 3
EXTENSIONS = ["@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget"]
PAGE = Path("notebooks/index.html")
OWN_PAGE_FILES = ["bar.css", "bar.mjs", "keep.mjs", "reset.mjs", "setup.mjs"]
PAGE_BYTES = 2_600_000  # JupyterLite's own scripts on a first visit, compressed (the browser test holds the sum)
MARK = (  # three pieces of line, as in chapter 2; without an icon browsers ask for /favicon.ico
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M4 12l9 10 8-16 7 8'"
    " fill='none' stroke='%231540D3' stroke-width='4' stroke-linejoin='round' stroke-linecap='round'/%3E%3C/svg%3E"
)
# Fonts in formats only browsers older than WebAssembly ask for, and the application's own build files.
PRUNED = re.compile(r"(fa-\w+-\d+\.(svg|eot|ttf)|rspack\.config.*\.js|\.map)$")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=Path, default=ROOT / ".cache/lite/site", help="where the site is made")
    try:
        build(ROOT, arguments.parse_args().out.resolve())
    except Unreachable as error:
        print(f"In-browser Python left out: {error}. Once connected, run again.", file=sys.stderr)
        return UNREACHABLE
    return 0


def build(root: Path, out: Path) -> None:
    """Bring the JupyterLite site in `out` up to date with the tree at `root`.

    Raises
    ------
    Unreachable : a part of Pyodide is neither cached nor to be fetched.
    """
    stamp = out.with_name(out.name + ".stamp")
    current = digest(inputs(root))
    if stamp.is_file() and stamp.read_text() == current and (out / PAGE).is_file():
        print("In-browser Python: up to date")
        return
    stamp.unlink(missing_ok=True)
    parts = read_parts()
    files: dict[str, Path | bytes] = dict(shell(out.with_name(out.name + ".shell")))
    files |= python(root, parts, fetch(parts, cache_folder()), files)
    files |= contents(staged(root))
    size = round(transferred(files) / 1e6)
    files |= page(files[PAGE.as_posix()], size)
    sync(files, out)
    stamp.write_text(current)
    total = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    print(f"In-browser Python: {out} ready, {total / 1e6:.0f} MB on disk, about {size} MB to load once")


def inputs(root: Path) -> list[Path]:
    """Everything the site is made from."""
    own = [f for f in HERE.rglob("*") if f.is_file() and "__pycache__" not in f.parts]
    own.append(Path(plain.__file__))
    extensions = [LABEXTENSIONS / name / "package.json" for name in EXTENSIONS]
    book = [root / name for name in ("_toc.yml", "pyproject.toml", "book/references.bib", *listed(root))]
    return [f for f in (*own, *extensions, *book, *package_files(root)) if f.is_file()]


def digest(files: list[Path]) -> str:
    total = hashlib.sha256(sys.version.encode())
    for file in sorted(files):
        total.update(str(file).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def shell(folder: Path) -> dict[str, Path]:
    """JupyterLite's own files, without contents and Python; built anew only when its settings or versions change."""
    settings = sorted((HERE / "settings").glob("*.json"))
    import jupyterlite_core

    wanted = digest([*settings, Path(__file__), *(LABEXTENSIONS / name / "package.json" for name in EXTENSIONS)])
    wanted += jupyterlite_core.__version__
    stamp = folder.with_name(folder.name + ".stamp")
    if not (stamp.is_file() and stamp.read_text() == wanted and folder.is_dir()):
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        build_shell(settings, folder)
        stamp.write_text(wanted)
    found = {f.relative_to(folder).as_posix(): f for f in folder.rglob("*") if f.is_file()}
    return {name: f for name, f in found.items() if not PRUNED.search(name)}


def build_shell(settings: list[Path], folder: Path) -> None:
    # In a fresh folder: JupyterLite's .jupyterlite.doit.db outlives a deleted site and then settings are lost.
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary)
        for file in settings:
            shutil.copy(file, project / file.name)
        config = {
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "apps": ["notebooks"],
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(LABEXTENSIONS / name) for name in EXTENSIONS],
            "output_dir": str(folder),
        }
        (project / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}))
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", temporary]
        result = subprocess.run(command, cwd=project, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        sys.exit(f"JupyterLite could not be built:\n{result.stdout[-3000:]}")


def python(root: Path, parts: dict, fetched: dict[str, Path], base: dict[str, Path | bytes]) -> dict[str, Path | bytes]:
    """Pyodide's folder, and the settings that point at its lock file."""
    wheel_name, wheel, entry = udl_core_wheel(root)
    lock = pyodide_lock(parts, entry)
    # Named by its content, like the wheel: a lock kept by the browser would ask for wheels that are gone.
    lock_name = f"pyodide-lock.{hashlib.sha256(lock).hexdigest()[:12]}.json"
    settings = json.loads(content(base["jupyter-lite.json"]))
    data = settings["jupyter-config-data"]
    kernel = data["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    kernel["loadPyodideOptions"]["lockFileURL"] = f"./static/pyodide/{lock_name}"
    data["contentsAllJsonFile"] = "all.json"
    files: dict[str, Path | bytes] = {f"static/pyodide/{name}": path for name, path in fetched.items()}
    files[f"static/pyodide/{wheel_name}"] = wheel
    files[f"static/pyodide/{lock_name}"] = lock
    files["jupyter-lite.json"] = json.dumps(settings, indent=1, sort_keys=True).encode()
    return files


def contents(notebooks: dict[str, bytes]) -> dict[str, bytes]:
    """The notebooks as JupyterLite's contents: the files, and a listing of each folder."""
    files = {f"files/{path}": data for path, data in notebooks.items()}
    listings: dict[str, dict[str, dict]] = {"": {}}
    for path, data in notebooks.items():
        listings.setdefault(folder_of(path), {})[path] = model(path, "notebook", len(data))
        while path := folder_of(path):
            listings.setdefault(folder_of(path), {})[path] = model(path, "directory", None)
    for folder, entries in listings.items():
        listing = model(folder, "directory", None) | {"content": list(entries.values()), "format": "json"}
        files["/".join(filter(None, ("api/contents", folder, "all.json")))] = json.dumps(listing).encode()
    return files


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def model(path: str, kind: str, size: int | None) -> dict:
    """One entry of Jupyter's contents API; the date is fixed so that the same book gives the same bytes."""
    date = "2020-01-01T00:00:00Z"
    return {
        "name": path.rpartition("/")[2], "path": path, "type": kind, "size": size, "content": None, "format": None,
        "mimetype": None, "writable": True, "hash": None, "hash_algorithm": None, "created": date,
        "last_modified": date,
    }  # fmt: skip


def page(html: Path | bytes, megabytes: int) -> dict[str, bytes]:
    """The notebook page with the book's bar, and the bar's files."""
    files = {f"udl/{name}": (HERE / name).read_bytes() for name in OWN_PAGE_FILES}
    mark = hashlib.sha256(b"".join(files.values())).hexdigest()[:8]
    tags = (
        f'<link rel="icon" href="{MARK}">\n'
        f'<link rel="stylesheet" href="../udl/bar.css?{mark}">\n'
        f'<script type="module" src="../udl/bar.mjs?{mark}" data-megabytes="{megabytes}" id="udl-bar-script"></script>'
    )
    text = content(html).decode()
    if text.count("</head>") != 1:
        raise ValueError("JupyterLite's notebook page has changed: no single </head> to put the bar before")
    text = re.sub(r"<title>.*?</title>", "<title>Run in browser</title>", text, count=1)
    files[PAGE.as_posix()] = text.replace("</head>", f"{tags}\n</head>").encode()
    files["udl/size.json"] = json.dumps({"megabytes": megabytes}).encode()
    return files


def transferred(files: dict[str, Path | bytes]) -> int:
    """Bytes a first visit loads from a server that compresses: all of Python, and the page's scripts."""
    return PAGE_BYTES + sum(
        len(data) if name.endswith((".whl", ".zip")) else len(gzip.compress(data, 5))
        for name, data in ((name, content(file)) for name, file in files.items() if name.startswith("static/pyodide/"))
    )


def sync(files: dict[str, Path | bytes], out: Path) -> None:
    """Make `out` hold exactly `files`, touching only what differs."""
    for old in [f for f in out.rglob("*") if f.is_file() and f.relative_to(out).as_posix() not in files]:
        old.unlink()
    for name, file in files.items():
        target, data = out / name, content(file)
        if not (target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def content(file: Path | bytes) -> bytes:
    return file if isinstance(file, bytes) else file.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
