from tests.lite.browsing import browser, new_context

__all__ = ["browser", "new_context"]
