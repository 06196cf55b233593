"""The Python half of the in-browser Python: the project as a wheel, and Pyodide's lock file that lists it."""

import base64
import hashlib
import io
import json
import tomllib
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SKIPPED = {"__pycache__", ".ipynb_checkpoints", ".mypy_cache"}


def package_files(root: Path) -> list[Path]:
    """The files that ship: those that hatchling takes, as pyproject.toml tells it."""
    wheel = read_project(root)["tool"]["hatch"]["build"]["targets"]["wheel"]
    left_out = [root / path for path in wheel["exclude"]]
    files = [f for name in wheel["packages"] for f in (root / name).rglob("*") if f.is_file()]
    files = [f for f in files if not any(f.is_relative_to(path) for path in left_out)]
    return sorted(f for f in files if not SKIPPED & set(f.parts) and f.suffix not in {".pyc", ".map"})


def read_project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def udl_core_wheel(root: Path) -> tuple[str, bytes, dict]:
    """The wheel with udl_core and the check: its file name, its bytes, its entry in the lock.

    A browser keeps the old file and fails its integrity check when a wheel changes under the same name, so the name
    carries a hash of the content. The bytes depend on the files alone: same tree, same wheel.
    """
    project = read_project(root)["project"]
    contents = {str(f.relative_to(root).as_posix()): f.read_bytes() for f in package_files(root)}
    digest = hashlib.sha256()
    for name, data in contents.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    digest.update(repr([project["version"], project["dependencies"]]).encode())
    mark = digest.hexdigest()[:12]
    version = f"{project['version']}+{mark}"
    metadata = ["Metadata-Version: 2.1", "Name: udl-core", f"Version: {version}"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    info = f"udl_core-{version}.dist-info"
    contents[f"{info}/METADATA"] = "\n".join([*metadata, ""]).encode()
    contents[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: udl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    contents[f"{info}/RECORD"] = record(contents, f"{info}/RECORD")
    data = zipped(contents)
    # An underscore for the version's plus sign: some static hosts read "+" in an address as a space.
    file_name = f"udl_core-{project['version']}_{mark}-py3-none-any.whl"
    entry = {
        "name": "udl-core",
        "version": version,
        "file_name": file_name,
        "install_dir": "site",
        "sha256": hashlib.sha256(data).hexdigest(),
        "package_type": "package",
        "imports": sorted({Path(name).parts[0] for name in contents if name.endswith(".py")}),
        "depends": sorted(canonicalize_name(Requirement(r).name) for r in project["dependencies"]),
        "unvendored_tests": False,
    }
    return file_name, data, entry


def pyodide_lock(parts: dict, udl_core: dict) -> bytes:
    """Pyodide's lock file: the pinned packages and udl_core, so that `import udl_core` loads all it needs."""
    packages = {name: {k: v for k, v in entry.items() if k != "size"} for name, entry in parts["packages"].items()}
    unknown = set(udl_core["depends"]) - set(packages)
    if unknown:
        raise ValueError(f"udl_core depends on {', '.join(sorted(unknown))}: add to ROOTS in book/lite/pin.py, run it")
    packages[udl_core["name"]] = udl_core
    return json.dumps({"info": parts["info"], "packages": packages}, indent=1, sort_keys=True).encode()


def record(contents: dict[str, bytes], own_name: str) -> bytes:
    def line(name: str, data: bytes) -> str:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        return f"{name},sha256={digest},{len(data)}\n"

    return ("".join(line(*item) for item in contents.items()) + f"{own_name},,\n").encode()


def zipped(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()
