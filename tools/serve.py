"""Serve the built site on this machine: python tools/serve.py [--port 8000] [--prefix /some/path/].

What a static host does and ``python -m http.server`` does not: the right types for modules and WebAssembly, gzip,
and 404.html for a missing page. ``--prefix`` shows the site as it is under a subpath.
"""

import argparse
import errno
import gzip
import io
import sys
import urllib.parse
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

SITE = Path(__file__).parents[1] / "_build/html"
TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".whl": "application/zip",
    ".ipynb": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
COMPRESSED = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".ipynb", ".wasm", ".txt", ".map"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the built site on this machine.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--prefix", default="/")
    parser.add_argument("--directory", type=Path, default=SITE)
    options = parser.parse_args()
    if not (options.directory / "index.html").exists():
        sys.exit(f"error: no site in {options.directory}: make book builds it")
    try:
        server = make_server(options.directory, options.port, options.prefix)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        sys.exit(f"error: port {options.port} is in use or not allowed: make serve PORT={options.port + 1}")
    except OverflowError:
        sys.exit(f"error: there is no port {options.port}: make serve PORT=8000")
    print(f"The book is at http://localhost:{server.server_port}{server.prefix} (Ctrl+C stops)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"
    prefix = "/"  # as in an address: %20 for a space
    sent = 0  # bytes of content, as transferred


def make_server(directory: Path, port: int = 0, prefix: str = "/") -> Server:
    """A server of ``directory`` on localhost; port 0 picks a free one. Also what the tests use.

    ``prefix`` is a path as it is spoken (``/my book/``) or as it stands in an address (``/my%20book/``), with or
    without the slashes around it.
    """
    server = Server(("127.0.0.1", port), partial(Handler, directory=str(directory)))
    parts = [urllib.parse.unquote(part) for part in prefix.split("/") if part]
    server.prefix = "/" + "".join(urllib.parse.quote(part, safe="") + "/" for part in parts)
    return server


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar[dict[str, str]] = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}
    server: Server

    def send_head(self) -> BinaryIO | None:  # type: ignore[override]
        url = urllib.parse.urlsplit(self.path)
        asked, prefix = spoken(url.path), spoken(self.server.prefix)
        if asked + "/" == prefix:
            return self.send_redirect(url)
        if not asked.startswith(prefix):
            return self.send_missing()
        path = Path(self.translate_path(urllib.parse.quote(asked[len(prefix) - 1 :])))
        if path.is_dir() and not url.path.endswith("/"):
            return self.send_redirect(url)
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_missing()
        return self.send_file(path)

    def send_file(self, path: Path, status: int = 200) -> BinaryIO | None:
        modified = path.stat().st_mtime
        if status == 200 and self.is_known(modified):
            self.send_response(304)
            self.end_headers()
            return None
        zipped = path.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        content = read(path, modified, zipped)
        self.server.sent += len(content)
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Cache-Control", "no-cache")  # ask again, get 304
        self.send_header("Last-Modified", self.date_time_string(int(modified)))
        self.end_headers()
        return io.BytesIO(content)

    def send_missing(self) -> BinaryIO | None:
        page = Path(self.directory) / "404.html"
        if page.exists():
            return self.send_file(page, 404)
        self.send_error(404)
        return None

    def send_redirect(self, url: urllib.parse.SplitResult) -> None:
        """To the same address with a slash at its end, from where relative links resolve."""
        self.send_response(301)
        self.send_header("Location", url._replace(path=url.path + "/").geturl())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def is_known(self, modified: float) -> bool:
        try:
            return int(modified) <= parsedate_to_datetime(self.headers["If-Modified-Since"]).timestamp()
        except (KeyError, TypeError, ValueError):
            return False

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a page asks for dozens of files."""


def spoken(path: str) -> str:
    """The path of an address without its percent signs; one address may be written in many ways (%c3, %C3, a byte)."""
    return urllib.parse.unquote_to_bytes(path.encode("latin-1")).decode("utf-8", "replace")


@lru_cache(maxsize=400)
def read(path: Path, modified: float, zipped: bool) -> bytes:
    content = path.read_bytes()
    return gzip.compress(content, 5, mtime=0) if zipped else content


if __name__ == "__main__":
    main()
