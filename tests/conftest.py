"""How far a run goes, and what every test shares.

Hypothesis draws the same examples on every run and never fails for slowness.
"""

import pytest
from hypothesis import settings

from tests.browsing import browser, new_context, site
from tests.budgets import BudgetTable, budgets
from tests.rotation import Rotation
from tests.times import Deadline, Times

__all__ = ["browser", "budgets", "new_context", "site"]

settings.register_profile("steady", derandomize=True, deadline=None, database=None, max_examples=30)
settings.register_profile("everything", settings.get_profile("steady"), max_examples=200)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("how far a run goes")
    group.addoption("--due", action="store_true", help="of the costly tests, only what changed and one more in turn")
    group.addoption("--everything", action="store_true", help="all screens, and more examples of each property")
    group.addoption("--until", type=float, metavar="TIME", help="begin no test after this time, in seconds since 1970")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("everything" if config.getoption("everything") else "steady")
    for plugin in (Rotation, BudgetTable, Times, Deadline):
        config.pluginmanager.register(plugin(config))
