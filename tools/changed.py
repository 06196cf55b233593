"""What changed since main, and the tests of it, nearest first.

A test file is near to a module that it imports, less near to what that module imports, and so on. `from package import
name` counts as an import of the module that defines the name, not of all that the package's `__init__` gathers.
"""

import ast
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGES = ("udl_core", "udl_exercises", "benchmarks", "tools")
QUICK = ("tests/unit", "tests/properties", "tests/exercises", "tests/notebooks")  # no browser, no build
SLOW = ("tests/exercises/test_nbgrader.py",)
# what is no Python, and the tests that read it
READ_BY = {
    "chapters/": [
        "tests/notebooks/test_clean.py",
        "tests/notebooks/test_prose_numbers.py",
        "tests/unit/test_book_text.py",
    ],
    "exercises/": ["tests/exercises/test_sources.py"],
    "book/lite/": ["tests/lite/test_build.py"],
    "udl_core/palette.json": ["tests/unit/test_imports.py", "tests/unit/test_figures_chapter2.py"],
    "js/test/vectors/": ["tests/unit/test_vectors.py"],
    "Makefile": ["tests/unit/test_tools.py"],
    "README.md": ["tests/unit/test_tools.py"],
    "CONTRIBUTING.md": ["tests/unit/test_tools.py"],
    ".github/": ["tests/unit/test_tools.py"],
    "CITATION.cff": ["tests/unit/test_tools.py"],
}


def files(root: Path) -> list[str]:
    """Files that differ from where this branch left main, or from the last commit, and those git does not know yet."""
    base = git(root, "merge-base", "HEAD", "main") or git(root, "merge-base", "HEAD", "origin/main") or ["HEAD"]
    found = git(root, "diff", "--name-only", base[0]) + git(root, "ls-files", "--others", "--exclude-standard")
    return sorted(set(found))


def git(root: Path, *arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True).stdout.splitlines()


def tests(root: Path, changed: Iterable[str]) -> list[str]:
    """What pytest shall run: the changed tests, chapters and modules (their doctests), then other tests by distance."""
    changed = [file for file in changed if (root / file).is_file()]
    runs = [file for file in changed if runs_itself(file)]
    for file in changed:
        runs += [
            test for begin, tests in READ_BY.items() if file.startswith(begin) for test in tests if test not in runs
        ]
    users = importers(root)
    distance = {file: 0 for file in changed}
    queue = deque(changed)
    while queue:
        file = queue.popleft()
        for user in users.get(file, ()):
            if user not in distance:
                distance[user] = distance[file] + 1
                queue.append(user)
    near = [file for file in distance if is_quick_test(file) and file not in runs]
    return runs + sorted(near, key=lambda file: (distance[file], file))


def runs_itself(file: str) -> bool:
    path = Path(file)
    if path.suffix == ".ipynb":
        return path.parts[0] == "chapters"
    return path.suffix == ".py" and (path.parts[0] in ("udl_core", "examples") or is_test(path))


def is_test(path: Path) -> bool:
    return path.parts[0] == "tests" and path.name.startswith("test_")


def is_quick_test(file: str) -> bool:
    return file.startswith(QUICK) and is_test(Path(file)) and file not in SLOW


def importers(root: Path) -> dict[str, set[str]]:
    """For each Python file of the project, the files that import it."""
    found: dict[str, set[str]] = {}
    for folder in (*PACKAGES, "tests"):
        for path in sorted((root / folder).rglob("*.py")):
            user = path.relative_to(root).as_posix()
            for used in imports(root, user):
                found.setdefault(used, set()).add(user)
    return found


def imports(root: Path, file: str) -> Iterator[str]:
    """The project's files that a file imports, wherever in it."""
    for node in ast.walk(tree(root, file)):
        if isinstance(node, ast.Import):
            yield from filter(None, (module(root, alias.name) for alias in node.names))
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from filter(None, (home(root, node.module, alias.name) for alias in node.names))


def home(root: Path, package: str, name: str) -> str | None:
    """The file that defines what `from package import name` imports, if it is one of the project."""
    if (file := module(root, f"{package}.{name}")) or not (file := module(root, package)):
        return file
    if not file.endswith("__init__.py"):
        return file
    for node in tree(root, file).body:
        if isinstance(node, ast.ImportFrom) and node.module and name in (alias.name for alias in node.names):
            return home(root, node.module, name) or file
    return file


@cache
def module(root: Path, name: str) -> str | None:
    path = name.replace(".", "/")
    return next((file for file in (f"{path}.py", f"{path}/__init__.py") if (root / file).is_file()), None)


@cache
def tree(root: Path, file: str) -> ast.Module:
    return ast.parse((root / file).read_text(encoding="utf-8"))
