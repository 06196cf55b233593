"""Make .venv and install the pinned requirements: python tools/install.py [requirements file].

Runs under whatever Python calls it, so it stays within the syntax of old ones and can say so in one line. Does
nothing when .venv already holds what the files list.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
LOG = os.path.join(ROOT, ".cache", "install.log")
OLDEST = (3, 11)
PINS = ("requirements.txt", "constraints.txt")
NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "NameResolutionError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ProxyError",
    "ConnectionResetError",
    "RemoteDisconnected",
)


def main():
    check_python()
    requirements = sys.argv[1] if len(sys.argv) > 1 else "requirements.txt"
    if requirements != "--check" and not is_installed(requirements):
        print(f"installing {requirements} into .venv", flush=True)
        install(requirements)


def check_python():
    if sys.version_info < OLDEST:
        fail("Python 3.11 or newer is needed, this is {}.{}: make PYTHON=python3.11".format(*sys.version_info[:2]))


def is_installed(requirements="requirements.txt"):
    try:
        with open(stamp_file(requirements), encoding="ascii") as stamp:
            return stamp.read() == digest(requirements) and os.path.exists(venv_python())
    except OSError:
        return False


def install(requirements="requirements.txt"):
    """Install ``requirements`` into .venv, or say in one line why not and exit."""
    make_venv()
    if run([venv_python(), "-m", "pip", "install", "--retries", "2", "-r", os.path.join(ROOT, requirements)]):
        with open(LOG, encoding="utf-8", errors="replace") as log:
            text = log.read()
        if any(sign in text for sign in NETWORK_SIGNS):
            fail("no network: the Python package index cannot be reached (details: .cache/install.log)")
        errors = [line for line in text.splitlines() if line.startswith("ERROR: ")]
        fail((errors or ["ERROR: pip failed"])[0][len("ERROR: ") :] + " (details: .cache/install.log)")
    with open(stamp_file(requirements), "w", encoding="ascii") as stamp:
        stamp.write(digest(requirements))


def make_venv():
    """Make .venv unless it is there. Debian has the module for it in a package of its own."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    for attempt in range(2):
        if os.path.exists(venv_python()) or not run([sys.executable, "-m", "venv", VENV]):
            return
        shutil.rmtree(VENV, ignore_errors=True)  # half an environment would pass for a whole one the next time
        if attempt or not debian([package]):
            fail(f"Python cannot make a virtual environment: sudo apt-get install {package}")


def debian(packages):
    """Install Debian packages, as root or where sudo asks for no password; whether that worked."""
    if shutil.which("apt-get") is None:
        return False
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if os.geteuid() != 0:
        command = ["sudo", "-n", *command]
        if shutil.which("sudo") is None or run(["sudo", "-n", "true"]):
            return False
    print("installing " + " ".join(packages), file=sys.stderr, flush=True)
    run([*command, "update"])  # where it fails, the lists that are there may do
    return not run([*command, "install", "-y", "--no-install-recommends", *packages])


def venv_python():
    return os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")


def stamp_file(requirements):
    return os.path.join(VENV, "installed-" + requirements.replace("/", "-").replace("\\", "-"))


def digest(requirements):
    """Changes when a pin changes, or when the project has moved."""
    total = hashlib.sha256(ROOT.encode())
    for name in sorted({requirements, *PINS}):
        with open(os.path.join(ROOT, name), "rb") as pins:
            total.update(pins.read())
    return total.hexdigest()


def run(command):
    """Run quietly, with everything it says in the log; return its exit code."""
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    with open(LOG, "w", encoding="utf-8") as log:
        return subprocess.call(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)


def fail(message):
    print("error: " + message, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
