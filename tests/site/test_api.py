"""The API page against the package: every public name is there, with a docstring and its examples."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import udl_core
from tests.browsing import BUILT
from tests.site.test_pages import read_links

DRAWN = {"udl_core.figures"}  # one function a picture: the chapters' own business, not for readers to call


def public_modules():
    names = (module.name for module in pkgutil.iter_modules(udl_core.__path__, "udl_core."))
    offered = {name for name in names if not name.rpartition(".")[2].startswith("_")} - DRAWN
    return sorted(offered | {"udl_core.regions.budget"})


def public_names(module):
    """What `__all__` says, or else the functions and classes that the module defines under a public name."""
    if hasattr(module, "__all__"):
        return module.__all__
    here = ((name, getattr(value, "__module__", None)) for name, value in vars(module).items() if callable(value))
    return [name for name, home in here if home == module.__name__ and not name.startswith("_")]


@pytest.mark.parametrize("module_name", public_modules())
def test_the_api_page_lists_every_public_name(module_name):
    module = import_module(module_name)
    names = public_names(module)
    assert names, f"{module_name} offers nothing"
    listed = read_links(BUILT / "book/api.html").ids
    for name in names:
        value = getattr(module, name)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if module_name == "udl_core.activations" and name.startswith("d_"):
            continue  # the derivative of the function above it, with nothing to add
        assert inspect.getdoc(value), f"{module_name}.{name} says nothing of itself"
        homes = (module_name, value.__module__, value.__module__.rpartition(".")[0])
        assert {f"{home}.{name}" for home in homes} & listed, f"{module_name}.{name} is not on the page"


def test_the_page_shows_docstrings_as_they_are_meant():
    text = (BUILT / "book/api.html").read_text()
    assert '<span class="pre">activations.get</span>' in text, "code in backticks is set as code"
    for trace in ("problematic", "system-message", "Undefined substitution"):
        assert trace not in text
