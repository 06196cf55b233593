"""The built site in Chromium, with every other host out of reach."""

from tests.lite.browsing import browser, new_context, site

__all__ = ["browser", "new_context", "site"]
