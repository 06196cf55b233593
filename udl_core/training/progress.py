"""The progress bar of whatever takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(total: int, name: str, unit: str, wanted: bool) -> Iterator[Callable[..., None]]:
    """A bar to be moved on by one, with a loss to show or without; it stays silent for the first second."""
    if not wanted:
        yield lambda loss=None: None
        return
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
