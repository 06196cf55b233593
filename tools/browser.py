"""Find the browser that the tests drive: python tools/browser.py prints its path."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> None:
    path = find_browser()
    if path is None:
        sys.exit(f"error: {why_none()}")
    print(path)


def find_browser() -> str | None:
    """Path of Chromium: $CHROMIUM if it is set, else the first that is installed."""
    chosen = os.environ.get("CHROMIUM")
    names = (chosen,) if chosen else NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


def why_none() -> str:
    """What to tell whoever has no browser."""
    if chosen := os.environ.get("CHROMIUM"):
        return f"CHROMIUM={chosen} is not a program that runs: set it to a Chromium, or unset it"
    return "no Chromium: sudo apt-get install chromium fonts-dejavu-core fonts-noto-cjk"


if __name__ == "__main__":
    main()
