"""Settings for every test: hypothesis draws the same examples on every run and never fails for slowness."""

from hypothesis import Phase, settings

from tests.browsing import browser, new_context, site
from tests.budgets import budgets, pytest_terminal_summary

__all__ = ["browser", "budgets", "new_context", "pytest_terminal_summary", "site"]

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile(
    "mutants", settings.get_profile("steady"), max_examples=30, phases=(Phase.explicit, Phase.generate)
)  # tools/mutants.py: whether a test fails, not the simplest case
settings.load_profile("steady")
