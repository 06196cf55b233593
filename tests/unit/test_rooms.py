"""What stands where: the machinery and the extras stay in their rooms, and no code is there for the tests alone."""

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module

from tests.unit.test_imports import PACKAGE, imported_by, module_name

ROOT = PACKAGE.parent
FILES = {module_name(path): path for path in PACKAGE.rglob("*.py")}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
NAME = re.compile(r"[^\W\d]\w*")
TEXTS = ("udl_exercises/**/*.py", "benchmarks/*.py", "examples/*.py", "tools/*.py", "book/**/*.py", "book/*.md",
         "exercises/*.md", "js/src/**/*.ts")  # fmt: skip
FOR_OTHERS = {"_esm", "_css", "to_data", "from_data"}  # anywidget asks for two; a grader elsewhere sends a Reply by two


def test_the_machinery_of_regions_stays_behind_its_door():
    users = {name for name, path in FILES.items() for used in imported_by(path) if used.startswith("regions.exact")}
    assert {name.split(".")[0] for name in users} == {"regions"}


def test_what_the_learn_shelf_takes_from_the_extras():
    taken = {
        (name, used)
        for name, path in FILES.items()
        if not name.startswith("extras")
        for used in imported_by(path)
        if used.startswith("extras")
    }
    assert taken == {
        ("objective", "extras.shallow_gradient"),
        ("training.fitting", "extras.progress"),
        ("training", "extras.saving"),  # offered, no more
        ("training", "extras.sweeping"),
    }


def test_no_code_is_there_for_the_tests_alone():
    """Everything defined is used in the package, a chapter, an exercise, …, or promised to readers on the API page."""
    used, promised = used_names(), promised_names()
    idle = [
        f"{module}: {name}"
        for module, tree in TREES.items()
        for name in defined(tree.body)
        if name.rpartition(".")[2] not in used and not promised & {name, name.partition(".")[0]}
    ]
    assert not idle


def test_a_function_that_only_tests_would_call_is_found():
    code = "class A:\n def __len__(self): 0\n def b(self): 0\n @on('c')\n def c(self): 0\nd = 1"
    tree = ast.parse(code)
    assert list(defined(tree.body)) == ["A", "A.b", "d"]
    assert {"relu", "unpack"} <= used_names()
    assert {"History", "von_mises_nll", "Trace", "best_known"} <= promised_names()
    assert not {"Stack", "short_form"} & promised_names()


def defined(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Functions, classes, their members, and constants; what a decorator registers is used by that."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            dunder = node.name.startswith("__")
            if not dunder and not any(isinstance(decorator, ast.Call) for decorator in node.decorator_list):
                yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from defined(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and not target.id.startswith("__"):
                    yield prefix + target.id


def used_names() -> set[str]:
    """Names that stand anywhere but where they are defined, re-exported or tested."""
    used = set(FOR_OTHERS)
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            match node:
                case ast.Name(id=word, ctx=ast.Load()) | ast.Attribute(attr=word) | ast.keyword(arg=str(word)):
                    used.add(word)
                case ast.ImportFrom(names=names) if FILES[name].name != "__init__.py":
                    used |= {alias.name for alias in names}
    for pattern in TEXTS:
        for path in ROOT.glob(pattern):
            used |= set(NAME.findall(path.read_text(encoding="utf-8")))
    for path in ROOT.glob("chapters/*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [line for cell in cells if cell["cell_type"] == "code" for line in cell["source"]]
        used |= set(NAME.findall("".join(code)))
    return used


def promised_names() -> set[str]:
    """What the API page shows."""
    page = (ROOT / "book/api.md").read_text(encoding="utf-8")
    names = {path.rpartition(".")[2] for path in re.findall(r"autoclass:: (\S+)", page)}
    for path in re.findall(r"automodule:: (\S+)", page):
        module = import_module(path)
        here = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == path}
        names |= set(getattr(module, "__all__", {name for name in here if not name.startswith("_")}))
    return names
