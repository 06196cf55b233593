"""Find the browser that the tests drive: python tools/browser.py prints its path."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> str | None:
    """Path of Chromium: $CHROMIUM, or the first that is installed."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


if __name__ == "__main__":
    path = find_browser()
    if path is None:
        sys.exit("error: no Chromium: sudo apt-get install chromium fonts-dejavu-core fonts-noto-cjk")
    print(path)
