"""Find the browser that the tests drive, and get one where there is none: python -m tools.browser prints its path."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools import install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
# where macOS and Windows keep them
NAMES_THERE = ("Google Chrome", "Chromium", "Microsoft Edge")
APPLICATIONS = [f"Applications/{name}.app/Contents/MacOS/{name}" for name in NAMES_THERE]
PROGRAMS = ["Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"]
PROGRAMS += ["Microsoft/Edge/Application/msedge.exe"]
PROGRAM_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
OWN = """from playwright.sync_api import sync_playwright
with sync_playwright() as playwright: print(playwright.chromium.executable_path)"""
PACKAGES = ("chromium", "fontconfig", "fonts-dejavu-core", "fonts-noto-cjk")


def main() -> None:
    print(provide())


def provide() -> str:
    """Path of a browser, fetched where there is none, with the letters that the pages are tested with."""
    path = find_browser()
    if path is None and "CHROMIUM" not in os.environ:
        path = download()
    wanted = missing_fonts()
    if path is None and "CHROMIUM" not in os.environ:
        wanted.insert(0, "chromium")
    if wanted and not install.debian(wanted) and path:
        say(f"note: without {' '.join(wanted)} some letters are other ones or squares")
    path = path or find_browser()
    if path is None:
        sys.exit(f"error: {why_none()}")
    return path


def find_browser() -> str | None:
    """Path of Chromium: $CHROMIUM if it is set, else the first that is installed, else the one Playwright keeps."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    named = (path for name in NAMES if (path := shutil.which(name)))
    return next(named, None) or next(places(), None) or playwrights_own()


def places(platform: str = sys.platform) -> Iterator[str]:
    """Browsers where macOS and Windows install them, which is not on the path."""
    folders, names = [], []
    if platform == "darwin":
        folders, names = [Path("/"), Path.home()], APPLICATIONS
    elif platform == "win32":
        folders, names = [Path(os.environ[name]) for name in PROGRAM_FOLDERS if os.environ.get(name)], PROGRAMS
    return (str(folder / name) for name in names for folder in folders if (folder / name).is_file())


@cache
def playwrights_own() -> str | None:
    """The browser that Playwright has downloaded, if this system has the libraries to start it."""
    asked = subprocess.run([sys.executable, "-c", OWN], capture_output=True, text=True)
    path = asked.stdout.strip()
    if asked.returncode or not Path(path).is_file():
        return None
    if sys.platform == "linux" and subprocess.run([path, "--version"], capture_output=True).returncode:
        return None
    return path


def download() -> str | None:
    """Have Playwright download its Chromium; the path, or None where it cannot be reached or does not start."""
    say("no browser yet: downloading Playwright's Chromium")
    subprocess.run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"], capture_output=True)
    playwrights_own.cache_clear()
    return playwrights_own()


def missing_fonts() -> list[str]:
    """Debian packages of letters that the pages need and this system lacks."""
    if shutil.which("apt-get") is None:
        return []

    def known(*question: str) -> str:
        try:
            return subprocess.run(["fc-list", *question], capture_output=True, text=True).stdout.lower()
        except OSError:
            return ""

    latin = [] if "dejavu" in known() else ["fontconfig", "fonts-dejavu-core"]
    return latin + ([] if known(":lang=zh") else ["fonts-noto-cjk"])


def why_none() -> str:
    """What to tell whoever has no browser."""
    if chosen := os.environ.get("CHROMIUM"):
        return f"CHROMIUM={chosen} is not a program that runs: set it to a Chromium, or unset it"
    how = (
        f"sudo apt-get install {' '.join(PACKAGES)}" if shutil.which("apt-get") else "install Chrome, Edge or Chromium"
    )
    return f"no Chromium: {how}, or set CHROMIUM to one"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
