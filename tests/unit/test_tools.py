"""What a newcomer meets first: each thing that can go wrong is said in one line, with what to do about it."""

import http.client
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
import tomllib
from collections import namedtuple
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from tools import browser, install, serve

ROOT = Path(__file__).parents[2]
Version = namedtuple("Version", "major minor micro releaselevel serial")
PAGES = ["README.md", "CONTRIBUTING.md", "LICENSE", "benchmarks/README.md"]


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """The installer, about to work in an empty folder."""
    monkeypatch.setattr(install, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(install, "LOG", str(tmp_path / ".cache/install.log"))
    return tmp_path


def error_of(function, capsys):
    """The one line on standard error with which a function ends the program."""
    with pytest.raises(SystemExit) as ended:
        function()
    if isinstance(ended.value.code, str):  # what sys.exit prints
        return ended.value.code
    assert ended.value.code == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_an_old_python_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", Version(3, 10, 14, "final", 0))
    line = "error: Python 3.11 or newer is needed, this is 3.10: make PYTHON=python3.11"
    assert error_of(install.main, capsys) == line
    monkeypatch.setattr(sys, "version_info", Version(3, 11, 0, "final", 0))
    install.check_python()


def pretend_python(path, says, code=1):
    """A program in the place of .venv's Python that fails as pip would."""
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\nexit {code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


NO_NETWORK = """\
WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError("HTTPSConnection(host='index', \
port=443): Failed to establish a new connection: [Errno -3] Temporary failure in name resolution")': /numpy/
ERROR: Could not find a version that satisfies the requirement numpy==2.4.3 (from versions: none)
ERROR: No matching distribution found for numpy==2.4.3"""
NO_VERSION = "ERROR: No matching distribution found for numpy==99"


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for Python")
@pytest.mark.parametrize(
    ("says", "line"),
    [
        (NO_NETWORK, "error: no network: the Python package index cannot be reached (details: .cache/install.log)"),
        (NO_VERSION, "error: No matching distribution found for numpy==99 (details: .cache/install.log)"),
        ("Killed", "error: pip failed (details: .cache/install.log)"),
    ],
    ids=["no network", "no such version", "anything else"],
)
def test_why_packages_cannot_be_installed(nowhere, capsys, says, line):
    pretend_python(Path(install.venv_python()), says)
    assert error_of(install.install, capsys) == line
    assert not install.is_installed()
    assert says in (nowhere / ".cache/install.log").read_text()


def test_pip_itself_says_what_we_look_for_when_there_is_no_network(nowhere, monkeypatch, capsys):
    """The real pip against a port where nobody listens: its words must be among those we know."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setattr(install, "venv_python", lambda: sys.executable)
    monkeypatch.setattr(install, "ROOT", str(nowhere))
    (nowhere / "requirements.txt").write_text("a-package-that-nobody-has==1\n")
    assert error_of(install.install, capsys).startswith("error: no network: ")


def test_python_without_venv_leaves_nothing_half_made(nowhere, monkeypatch, capsys):
    def half(command):
        pretend_python(Path(install.venv_python()), "")
        return 1

    monkeypatch.setattr(install, "run", half)
    monkeypatch.setattr(install, "debian", lambda packages: False)
    assert re.fullmatch(r"error: Python cannot make .*: sudo apt-get install python3\.\d+-venv",
                        error_of(install.install, capsys))  # fmt: skip
    assert not (nowhere / ".venv").exists()


def test_packages_are_installed_again_when_a_pin_changes(nowhere, monkeypatch):
    monkeypatch.setattr(install, "ROOT", str(nowhere))
    monkeypatch.setattr(install, "run", lambda command: 0)
    for name in install.PINS:
        (nowhere / name).write_text("numpy==2.4.3\n")
    pretend_python(Path(install.venv_python()), "")
    assert not install.is_installed()
    install.install()
    assert install.is_installed()
    (nowhere / "constraints.txt").write_text("numpy==2.4.4\n")
    assert not install.is_installed()


@pytest.fixture
def bare(monkeypatch):
    """A machine without a browser and without letters, on which nothing can be fetched; the list of what was tried."""
    tried = []
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(browser, "places", lambda: iter(()))
    monkeypatch.setattr(browser, "playwrights_own", lambda: None)
    monkeypatch.setattr(browser, "download", lambda: tried.append("download"))
    monkeypatch.setattr(browser, "missing_fonts", lambda: ["fonts-noto-cjk"])
    monkeypatch.setattr(install, "debian", lambda packages: tried.append(packages))
    return tried


def test_missing_browser_says_how_to_install_it(bare, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", {"apt-get": "/usr/bin/apt-get"}.get)
    line = "error: no Chromium: sudo apt-get install chromium fontconfig fonts-dejavu-core fonts-noto-cjk"
    assert error_of(browser.main, capsys) == line + ", or set CHROMIUM to one"
    assert bare == ["download", ["chromium", "fonts-noto-cjk"]]


def test_a_browser_comes_from_playwright_before_debian(bare, monkeypatch, capsys):
    monkeypatch.setattr(browser, "download", lambda: "/playwrights/chrome")
    browser.main()
    assert capsys.readouterr().out == "/playwrights/chrome\n"
    assert bare == [["fonts-noto-cjk"]], "Debian gives the letters only"


def test_a_browser_comes_from_debian_where_playwright_has_none(bare, monkeypatch, capsys, tmp_path):
    def arrives(packages):
        pretend_python(tmp_path / "bin/chromium", "")
        return True

    monkeypatch.setattr(install, "debian", arrives)
    monkeypatch.setattr(browser, "NAMES", (str(tmp_path / "bin/chromium"),))
    browser.main()
    assert capsys.readouterr().out == f"{tmp_path / 'bin/chromium'}\n"


def test_letters_that_cannot_be_had_are_a_note(bare, monkeypatch, capsys):
    monkeypatch.setattr(browser, "playwrights_own", lambda: "/playwrights/chrome")
    browser.main()
    shown = capsys.readouterr()
    assert shown.out == "/playwrights/chrome\n"
    assert shown.err == "note: without fonts-noto-cjk some letters are other ones or squares\n"


@pytest.mark.parametrize(
    ("platform", "folder", "program"),
    [
        ("darwin", None, "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("darwin", None, "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
        ("win32", "PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("win32", "PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("win32", "LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
    ],
)
def test_browsers_are_found_where_macos_and_windows_keep_them(monkeypatch, tmp_path, platform, folder, program):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in browser.PROGRAM_FOLDERS:
        monkeypatch.delenv(name, raising=False)
    if folder:
        monkeypatch.setenv(folder, str(tmp_path))
    assert list(browser.places(platform)) == []
    (tmp_path / program).parent.mkdir(parents=True)
    (tmp_path / program).touch()
    assert list(browser.places(platform)) == [str(tmp_path / program)]
    assert list(browser.places("linux")) == []


@pytest.mark.parametrize(
    ("user", "programs", "asks", "commands"),
    [
        (0, ["apt-get"], 0, ["apt-get update", "apt-get install"]),
        (1000, ["apt-get", "sudo"], 0, ["sudo true", "sudo apt-get update", "sudo apt-get install"]),
        (1000, ["apt-get", "sudo"], 1, ["sudo true"]),
        (1000, ["apt-get"], 0, []),
        (0, [], 0, []),
    ],
    ids=["root", "sudo without a password", "sudo that asks", "no sudo", "no Debian"],
)
def test_debian_packages_are_installed_by_who_may(monkeypatch, user, programs, asks, commands):
    ran = []

    def run(command):
        words = [word for word in command if word in ("sudo", "true", "apt-get", "update", "install")]
        ran.append(" ".join(words))
        return asks if words == ["sudo", "true"] else 0

    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: name if name in programs else None)
    monkeypatch.setattr(install, "run", run)
    assert install.debian(["chromium"]) is bool(commands and commands[-1].endswith("install"))
    assert ran == commands


@pytest.mark.parametrize("chosen", ["/nope", "no-such-browser", str(ROOT)])
def test_a_chosen_browser_that_does_not_run_is_named(monkeypatch, capsys, chosen):
    monkeypatch.setenv("CHROMIUM", chosen)
    assert error_of(browser.main, capsys).startswith(f"error: CHROMIUM={chosen} is not a program that runs: ")


def test_a_chosen_browser_wins(monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert browser.find_browser() == sys.executable


def test_python_gets_the_module_that_debian_keeps_apart(nowhere, monkeypatch):
    monkeypatch.setattr(install, "run", lambda command: "venv" in command and not asked)
    asked = []
    monkeypatch.setattr(install, "debian", lambda packages: asked.extend(packages) or True)
    install.make_venv()
    assert asked == ["python{}.{}-venv".format(*sys.version_info[:2])]


@pytest.fixture
def site(tmp_path):
    (tmp_path / "lite").mkdir()
    for path, content in (("index.html", "home"), ("404.html", "missing"), ("lite/index.html", "lite")):
        (tmp_path / path).write_text(content)
    return tmp_path


def test_port_in_use_names_another(monkeypatch, capsys, site):
    with serve.make_server(site) as first:
        port = first.server_port
        monkeypatch.setattr(sys, "argv", ["serve.py", "--port", str(port), "--directory", str(site)])
        line = f"error: port {port} is in use or not allowed: make serve PORT={port + 1}"
        assert error_of(serve.main, capsys) == line
    monkeypatch.setattr(sys, "argv", ["serve.py", "--port", "99999", "--directory", str(site)])
    assert error_of(serve.main, capsys) == "error: there is no port 99999: make serve PORT=8000"


def test_serving_before_building_says_what_builds(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["serve.py", "--directory", str(tmp_path)])
    assert error_of(serve.main, capsys) == f"error: no site in {tmp_path}: make book builds it"


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        ("/some/path", 301, "/some/path/"),
        ("/some/path?q=joint", 301, "/some/path/?q=joint"),
        ("/some/path/", 200, "home"),
        ("/some/path/lite?path=a.ipynb", 301, "/some/path/lite/?path=a.ipynb"),
        ("/some/path/lite/", 200, "lite"),
        ("/some/path/no/such/page.html", 404, "missing"),
        ("/some/pathless", 404, "missing"),
        ("/", 404, "missing"),
        ("/some/path/../../../../etc/passwd", 404, "missing"),
    ],
)
def test_site_under_a_prefix(site, path, status, answer):
    with serve.make_server(site, prefix="/some/path") as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        asked = http.client.HTTPConnection("127.0.0.1", server.server_port)
        asked.request("GET", path)
        said = asked.getresponse()
        body = said.read().decode()
        assert (said.status, said.headers["Location"] if status == 301 else body) == (status, answer)
        asked.close()
        server.shutdown()


@pytest.mark.parametrize(
    ("prefix", "address"),
    [
        ("/my book/", "/my%20book/"),
        ("my book", "/my%20book/"),
        ("/my%20book", "/my%20book/"),
        ("/Bücher/深度/", "/B%C3%BCcher/%E6%B7%B1%E5%BA%A6/"),
        ("100% a?b#c", "/100%25%20a%3Fb%23c/"),
    ],
)
def test_a_prefix_may_hold_any_letters(site, prefix, address):
    with serve.make_server(site, prefix=prefix) as server:
        assert server.prefix == address
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        ways = {address, address.replace("%C3%BC", "%c3%bc"), address.replace("k", "%6B")}
        for way in ways:
            for path, status, answer in [
                (way, 200, "home"),
                (way + "?q=joint", 200, "home"),
                (way.rstrip("/") + "?q=joint", 301, way + "?q=joint"),
                (way + "lite", 301, way + "lite/"),
                (way + "li%74e/", 200, "lite"),
                ("/other/", 404, "missing"),
            ]:
                asked = http.client.HTTPConnection("127.0.0.1", server.server_port)
                asked.request("GET", path)
                said = asked.getresponse()
                body = said.read().decode()
                assert (said.status, said.headers["Location"] if status == 301 else body) == (status, answer)
                asked.close()
        server.shutdown()


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here: README.md has the same lines")
@pytest.mark.parametrize("python", ["/nonexistent", "no-such-python", str(ROOT / "README.md"), "false"])
def test_make_with_a_python_that_does_not_run_says_so_in_one_line(python):
    fresh = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # also under make test
    done = subprocess.run(["make", "book", f"PYTHON={python}"], cwd=ROOT, capture_output=True, text=True, env=fresh)
    own = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert done.returncode != 0
    assert own == [f"error: PYTHON={python} does not run: make PYTHON=/path/to/python3"]


def test_make_help_lists_every_target_a_person_types():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()
    described = re.findall(r"^([a-z-]+):.*## ", makefile, re.M)
    assert set(phony) - set(described) == {"python", "packages", "test-packages"}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_of_the_repository_links_to_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not urlsplit(link).scheme]
    missing = [link for link in links if not ((ROOT / page).parent / unquote(urlsplit(link).path)).exists()]
    assert missing == []


def test_the_citation_is_of_this_version_and_these_authors():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["version"] == project["version"]
    assert [author["name"] for author in cited["authors"]] == re.findall(
        r"Copyright \(c\) (.+)", (ROOT / "LICENSE").read_text(encoding="utf-8")
    )


def test_ci_is_make_test_and_the_workflow_is_ci():
    last = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]
    assert last == "exec make test"
    workflow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    (checkout, _, run) = workflow["jobs"]["check"]["steps"]
    assert run == {"run": ".ci/run"}
    assert checkout["with"]["fetch-depth"] == 0, "the number of commits picks whose turn it is"
