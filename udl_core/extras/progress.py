"""The progress bar of whatever takes long, and what an interrupt does to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_inside = ContextVar("something that shows a bar is running", default=False)


@contextmanager
def bar(total: int, name: str, unit: str, wanted: bool) -> Iterator[Callable[..., None]]:
    """A bar to be moved on by one, with a loss to show or without; it stays silent for the first second.

    A keyboard interrupt ends the block and goes no further, so what comes after it can return what was reached. Inside
    of another such block there is no bar, and an interrupt ends the outer one.
    """
    if _inside.get():
        yield lambda loss=None: None
        return
    try:
        with inside(), _shown(total, name, unit) if wanted else _silent() as advance:
            yield advance
    except KeyboardInterrupt:
        return


@contextmanager
def inside() -> Iterator[None]:
    """Marks what runs in this block as part of something that shows a bar, wherever it runs."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


@contextmanager
def _silent() -> Iterator[Callable[..., None]]:
    yield lambda loss=None: None


@contextmanager
def _shown(total: int, name: str, unit: str) -> Iterator[Callable[..., None]]:
    # Here, not above: tqdm takes longer to import than all of udl_core. It ships no types.
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no watching thread: there are none in the browser

    with Bar(total=total, desc=name, unit=unit, delay=1, leave=False) as shown:

        def advance(loss: float | None = None) -> None:
            if loss is not None:
                shown.set_postfix_str(f"loss {loss:.4g}", refresh=False)
            shown.update()

        yield advance
