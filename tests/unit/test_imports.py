"""The numeric modules stay light: what an import loads is a promise, kept in a fresh interpreter."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import udl_core
import udl_exercises

PACKAGE = Path(udl_core.__file__).parent
EXERCISES = Path(udl_exercises.__file__).parent
HEAVY = {"matplotlib", "ipywidgets", "anywidget", "tqdm", "IPython", "PIL", "scipy"}
# lowest first: a module may import only from those before it
ORDER = [
    "extras.memory",
    "extras",
    "_validate",
    "closed_form",
    "activations",
    "init",
    "network",
    "gradients",
    "layers.dense",
    "layers.normalisation",
    "layers.dropout",
    "layers.embedding",
    "layers.attention",
    "layers._patches",
    "layers.convolution",
    "layers.pooling",
    "layers.resampling",
    "layers.compose",
    "layers",
    "models",
    "conversion",
    "builders",
    "gabor",
    "losses._shared",
    "losses.regression",
    "losses.classification",
    "losses.counts",
    "losses.directions",
    "losses.penalties",
    "losses",
    "distributions",
    "extras.shallow_gradient",
    "objective",
    "optim.schedules",
    "optim.optimisers",
    "optim.wrappers",
    "optim.backtracking",
    "optim",
    "extras.progress",
    "extras.sweeping",
    "extras.saving",
    "training.evaluation",
    "training.batches",
    "training.validation",
    "training.history",
    "training.fitting",
    "training",
    "regions.exact",
    "regions.exact.stack",
    "regions.exact.hidden_units",
    "regions.counts",
    "regions.bounds",
    "regions.constructions",
    "regions.exact.arrangement",
    "regions.exact.window",
    "regions.exact.one_input_deep",
    "regions.one_input",
    "regions.exact.cutting",
    "regions.exact.neighbours",
    "regions.exact.level_sets",
    "regions.exact.linear",
    "regions.exact.locating",
    "regions.two_inputs",
    "regions.composition",
    "regions",
    "regions.budget",
    "composition",
    "approximation.targets",
    "approximation.piecewise",
    "approximation.placement",
    "approximation.bumps",
    "approximation.ridges",
    "approximation",
    "datasets._draw",
    "datasets.classification",
    "datasets.images",
    "datasets.regression",
    "datasets.signals",
    "datasets.text",
    "datasets",
    "claims",
]
ABOVE = {"", "figures", "widgets"}  # the package itself, and what draws


def loaded_by(code):
    """Names of the modules in sys.modules after running `code` in a new interpreter, beyond those NumPy brings."""
    script = f"import sys, numpy; before = set(sys.modules); {code}; print(*(set(sys.modules) - before))"
    return set(
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    )


def test_importing_the_package_loads_nothing_heavy_and_little_else():
    loaded = loaded_by("import udl_core")
    assert "udl_core.models" in loaded
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    assert not loaded & {"udl_core.figures", "udl_core.widgets"}
    assert len(loaded) < 60  # each module costs a file to find and read


def test_every_numeric_module_can_be_used_without_drawing():
    code = (
        "import udl_core as u; net = u.Shallow(1, 3, 1); x, y = u.datasets.wave_data(); "
        "u.training.fit(net, net.init(numpy.random.default_rng(0)), x, y, u.losses.least_squares, "
        "u.optim.GradientDescent(1e-3), 2, progress=False); u.claims.claim('1', 1); u.regions"
    )
    assert not {name.partition(".")[0] for name in loaded_by(code)} & HEAVY


def test_figures_load_when_first_touched():
    assert "udl_core.figures" in loaded_by("import udl_core; udl_core.figures")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'udl_core' has no attribute 'figure'"):
        udl_core.figure  # noqa: B018
    assert {"figures", "widgets", "regions", "Shallow"} <= set(dir(udl_core))


def test_every_numeric_module_has_its_place():
    assert {name for path in PACKAGE.rglob("*.py") if (name := module_name(path)).split(".")[0] not in ABOVE} == set(
        ORDER
    )


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: module_name(path) or "udl_core")
def test_imports_only_point_down(path):
    name = module_name(path)
    used = imported_by(path)
    if name in ORDER:
        assert used <= set(ORDER[: ORDER.index(name)])
    elif name.startswith("figures"):
        assert not {module for module in used if module.startswith("widgets")}


def test_udl_core_knows_no_exercises():
    assert [path for path in PACKAGE.rglob("*.py") if "udl_exercises" in {name for name, _ in packages_of(path)}] == []


def test_the_check_is_light_and_knows_no_author():
    files = list((EXERCISES / "check").rglob("*.py"))
    used = {name for path in files for name in packages_of(path)}
    assert {name for name in used if name[0] not in sys.stdlib_module_names} <= {
        ("numpy", ""),
        ("udl_exercises", "check"),
    }
    loaded = loaded_by("import udl_exercises.check")
    assert not {name.partition(".")[0] for name in loaded} & (HEAVY | {"yaml", "nbformat", "pybtex"})
    assert not {name for name in loaded if name.startswith("udl_exercises.author")}


def test_nothing_in_the_exercises_is_found_by_its_place_in_the_book():
    """The book imports udl_exercises; the other way round there would be a circle."""
    assert not [path for path in EXERCISES.rglob("*.py") if "book/lite" in path.read_text(encoding="utf-8")]
    foreign = {"book", "tools", "tests"}
    assert not {name for path in EXERCISES.rglob("*.py") for name, _ in packages_of(path)} & foreign


def packages_of(path):
    """The first two parts of every import of a file, ("numpy", "") or ("udl_exercises", "check")."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [module] if "." in module else [f"{module}.{alias.name}" for alias in node.names]
        found |= {tuple([*name.split("."), ""][:2]) for name in names}
    return found


def module_name(path):
    """`regions.counts` for udl_core/regions/counts.py, `regions` for its __init__.py."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def imported_by(path):
    """The modules of udl_core that a file imports, wherever in the file; "" is the package itself."""
    used = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            used |= {alias.name.removeprefix("udl_core.") for alias in node.names if alias.name.startswith("udl_core")}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if (node.module or "").split(".")[0] == "udl_core":
                module = node.module.removeprefix("udl_core").lstrip(".")
                inside = {f"{module}.{alias.name}".lstrip(".") for alias in node.names}
                modules = {name for name in inside if is_module(name)}
                used |= modules if modules == inside else modules | {module}
    return used


def is_module(name):
    path = PACKAGE / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()
