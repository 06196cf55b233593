"""The numeric modules stay light: what an import loads is a promise, kept in a fresh interpreter."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import udl_core

PACKAGE = Path(udl_core.__file__).parent
HEAVY = {"matplotlib", "ipywidgets", "anywidget", "tqdm", "IPython", "PIL", "scipy"}
# lowest first: a module may import only from those before it
ORDER = ["_validate", "activations", "_network", "models", "losses", "optim", "training"]


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
    assert len(loaded) < 80  # each module costs a file to find and read


def test_every_numeric_module_can_be_used_without_drawing():
    code = (
        "import udl_core as u; net = u.Shallow(1, 3, 1); x, y = u.datasets.wave_data(); "
        "u.training.fit(net, net.init(numpy.random.default_rng(0)), x, y, u.losses.least_squares, "
        "u.optim.GradientDescent(1e-3), 2, progress=False); u.check.claim('1', 1); u.regions"
    )
    assert not {name.partition(".")[0] for name in loaded_by(code)} & HEAVY


def test_figures_load_when_first_touched():
    assert "udl_core.figures" in loaded_by("import udl_core; udl_core.figures")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'udl_core' has no attribute 'figure'"):
        udl_core.figure  # noqa: B018
    assert {"figures", "widgets", "regions", "Shallow"} <= set(dir(udl_core))


@pytest.mark.parametrize("name", ORDER)
def test_imports_only_point_down(name):
    tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("udl_core"):
            module = node.module.partition(".")[2]
            used |= {module} if module else {alias.name for alias in node.names}
    assert used <= set(ORDER[: ORDER.index(name)])
