"""Settings for every test: hypothesis draws the same examples on every run and never fails for slowness."""

from hypothesis import settings

from tests.browsing import browser, new_context, site
from tests.budgets import budgets, pytest_terminal_summary

__all__ = ["browser", "budgets", "new_context", "pytest_terminal_summary", "site"]

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
