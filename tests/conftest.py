"""How far a run goes, and what every test shares.

Hypothesis draws the same examples on every run and never fails for slowness.
"""

import pytest
from hypothesis import Phase, settings

from tests import rotation, times, workers
from tests.browsing import browser, new_context, site
from tests.budgets import BudgetTable, budgets

__all__ = ["browser", "budgets", "new_context", "site"]

settings.register_profile("steady", derandomize=True, deadline=None, database=None, max_examples=30)
settings.register_profile("everything", settings.get_profile("steady"), max_examples=200)
settings.register_profile(
    "mutants", settings.get_profile("steady"), phases=(Phase.explicit, Phase.generate)
)  # tools/mutants.py: whether a test fails, not the simplest case


def pytest_addoption(parser: pytest.Parser) -> None:
    rotation.add_options(parser)
    times.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("hypothesis_profile", None):
        settings.load_profile("everything" if config.getoption("everything") else "steady")
    for plugin in (rotation.Rotation, BudgetTable, times.Times, times.Deadline, workers.Workers):
        config.pluginmanager.register(plugin(config))
