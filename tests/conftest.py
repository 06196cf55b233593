"""Settings for every test: hypothesis draws the same examples on every run and never fails for slowness."""

from hypothesis import settings

from tests.browsing import browser, new_context, site

__all__ = ["browser", "new_context", "site"]

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
