"""Write the two lock files of the in-browser Python: parts.json and wheels.txt.

Run it only to move to other versions, then read the difference before committing it:

    npm pack pyodide@314.0.3          # the official lock file and runtime, for their hashes
    python book/lite/pin.py pyodide-314.0.3.tgz

Every other step of the build only checks files against what is written here.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from sources import HERE, KERNEL_WHEELS, PIP_FOR_BROWSER

VERSION = "314.0.3"
TARBALL_SHA256 = "d7f7d24f8db486c7eda7280f3b0f7517524c8e43e8b086c6ee6ae8016658b484"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
# A wheel that redistributes the release unmodified: the way in where only a package index is reachable.
REDISTRIBUTION = {"requirement": "open-webui==0.12.4", "folder": "open_webui/frontend/pyodide"}
RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]

# What the kernel asks for by name, and what udl_core needs.
ROOTS = ["micropip", "piplite", "pyodide-kernel", "ipykernel", "comm", "jedi", "ipython",
         "numpy", "matplotlib", "ipywidgets", "anywidget", "tqdm"]  # fmt: skip
# Plain wheels, at the release's versions where it has one (its own builds of these are not in the redistribution).
FROM_PIP = ["ipython", "asttokens", "decorator", "executing", "matplotlib-inline", "prompt-toolkit", "pure-eval",
            "pygments", "stack-data", "traitlets", "wcwidth", "jedi", "parso", "tqdm"]  # fmt: skip
FROM_PIP_AT = {"comm": "0.2.3", "ipywidgets": "8.1.9", "anywidget": "0.11.0", "psygnal": "0.16.1",
               "ipython-pygments-lexers": "1.1.1"}  # fmt: skip
# Named by metadata, never imported in a browser (pytz: the release lists it for matplotlib, which no longer uses it).
LEFT_OUT = {"jupyterlab-widgets", "pexpect", "colorama", "pytz"}
BROWSER = {
    "python_version": "3.14", "python_full_version": "3.14.0", "sys_platform": "emscripten", "os_name": "posix",
    "platform_system": "Emscripten", "platform_machine": "wasm32", "implementation_name": "cpython",
    "platform_python_implementation": "CPython", "extra": "",
}  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("tarball", type=Path, help="what `npm pack pyodide` wrote")
    tarball = arguments.parse_args().tarball
    if sha256(tarball.read_bytes()) != TARBALL_SHA256:
        sys.exit(f"{tarball} is not pyodide {VERSION} as published")
    with tarfile.open(tarball) as archive:
        read = {Path(m.name).name: content.read() for m in archive if (content := archive.extractfile(m))}
    lock = json.loads(read["pyodide-lock.json"])
    official = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}

    with tempfile.TemporaryDirectory() as folder:
        wheel = download_redistribution(Path(folder))
        redistribution = REDISTRIBUTION | {"sha256": sha256(wheel.read_bytes()), "size": wheel.stat().st_size}
        sizes = {Path(i.filename).name: i.file_size for i in zipfile.ZipFile(wheel).infolist()}
        wheels = download_wheels(official, Path(folder) / "wheels")
        packages, sources = resolve(official, wheels, sizes)

    parts = {
        "version": VERSION,
        "release": RELEASE,
        "redistribution": redistribution,
        "runtime": {name: {"sha256": sha256(read[name]), "size": len(read[name])} for name in RUNTIME},
        "info": lock["info"],
        "sources": sources,
        "packages": packages,
    }
    (HERE / "parts.json").write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    pinned = [f"{p['name']}=={p['version']} --hash=sha256:{p['sha256']}" for n, p in packages.items()
              if sources[n] == "pip"]  # fmt: skip
    (HERE / "wheels.txt").write_text("\n".join(["# Written by pin.py.", *sorted(pinned)]) + "\n", encoding="utf-8")
    for name, p in packages.items():
        print(f"{name:26}{p['version']:16}{p['size']:>9}  {sources[name]:8}{', '.join(p['depends'])}")
    print(f"{len(packages)} packages, {sum(p['size'] for p in packages.values()) / 1e6:.1f} MB")


def resolve(official: dict, wheels: list[Path], sizes: dict[str, int]) -> tuple[dict, dict]:
    """Everything the roots need: lock entries by name, and where each file comes from."""
    known = {name: (entry | {"size": sizes.get(entry["file_name"], 0)}, "pyodide") for name, entry in official.items()}
    for wheel in wheels:
        entry = lock_entry(wheel)
        known[canonicalize_name(entry["name"])] = (entry, "pip")
    for wheel in sorted(KERNEL_WHEELS.glob("*.whl")):
        if not wheel.name.startswith("widgetsnbextension-3"):  # ipywidgets 8 asks for the stub of version 4
            entry = lock_entry(wheel)
            known[canonicalize_name(entry["name"])] = (entry, "kernel")
    needed: set[str] = set()
    todo: list[str] = [canonicalize_name(name) for name in ROOTS]
    while todo:
        name = todo.pop()
        if name in needed or name in LEFT_OUT:
            continue
        if name not in known:
            sys.exit(f"{name} is needed but comes from nowhere: add it to FROM_PIP_AT")
        needed.add(name)
        todo += [canonicalize_name(d) for d in known[name][0]["depends"]]
    packages = {name: known[name][0] for name in sorted(needed)}
    for name, entry in packages.items():
        entry["depends"] = sorted({canonicalize_name(d) for d in entry["depends"]} & needed)
        entry["unvendored_tests"] = False
        if not entry["size"]:
            sys.exit(f"{entry['file_name']} ({name}) is not in the redistribution: take it from pip")
    return packages, {name: known[name][1] for name in packages}


def lock_entry(wheel: Path) -> dict:
    """A wheel as an entry of Pyodide's lock file."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
        metadata = next(f for f in files if re.fullmatch(r"[^/]+\.dist-info/METADATA", f))
        fields = Parser().parsestr(archive.read(metadata).decode())
    asked = [Requirement(r) for r in fields.get_all("Requires-Dist") or []]
    depends = {canonicalize_name(r.name) for r in asked if r.marker is None or r.marker.evaluate(BROWSER)}
    modules = {f.split("/")[0].removesuffix(".py") for f in files if f.endswith(".py") and ".data/" not in f}
    return {
        "name": str(name), "version": str(version), "file_name": wheel.name, "install_dir": "site",
        "sha256": sha256(wheel.read_bytes()), "size": wheel.stat().st_size, "package_type": "package",
        "imports": sorted(modules), "depends": sorted(depends - LEFT_OUT), "unvendored_tests": False,
    }  # fmt: skip


def download_wheels(official: dict, folder: Path) -> list[Path]:
    """The plain wheels, newest pip may choose for the browser's Python."""
    wanted = [f"{name}=={official[name]['version']}" for name in FROM_PIP]
    wanted += [f"{name}=={version}" for name, version in FROM_PIP_AT.items()]
    subprocess.run([*PIP_FOR_BROWSER, "--dest", str(folder), *wanted], check=True)
    return sorted(folder.glob("*.whl"))


def download_redistribution(folder: Path) -> Path:
    subprocess.run(
        [*PIP_FOR_BROWSER[:4], "--no-deps", "--only-binary=:all:", "--python-version", "3.12",
         "--dest", str(folder), REDISTRIBUTION["requirement"]], check=True)  # fmt: skip
    return next(folder.glob("*.whl"))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    main()
