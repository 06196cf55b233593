"""The promises that cost a reader time or trouble when broken: one table at the end of a run, and a failure each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Budgets:
    """What was measured against what was promised, in the order in which it was first measured."""

    rows: dict[str, list[float]] = field(default_factory=dict)  # name: [now, at most]

    def measure(self, name: str, now: float, at_most: float) -> None:
        """Keep a size for the table, and fail when it is too large."""
        self.rows[name] = [now, at_most]
        assert now <= at_most, f"over budget: {name}: {now:.1f}, at most {at_most}"

    def none_of(self, name: str, found: list[str]) -> None:
        """Add to a count that should stay 0, and fail with what was found."""
        row = self.rows.setdefault(name, [0, 0])
        row[0] += len(found)
        assert not found, f"{name}: " + "\n".join(found)

    def table(self) -> Iterator[tuple[str, bool]]:
        """Lines to print, each with whether its budget is kept."""
        yield f"{'budget':60}{'now':>10}{'at most':>10}", True
        for name, (now, at_most) in self.rows.items():
            kept = now <= at_most
            yield f"{name:60}{now:10.1f}{at_most:10g}{'' if kept else '  EXCEEDED'}", kept


HELD = pytest.StashKey[Budgets]()


@pytest.fixture(scope="session")
def budgets(pytestconfig: pytest.Config) -> Budgets:
    return pytestconfig.stash.setdefault(HELD, Budgets())


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    held = config.stash.get(HELD, None)
    if held is None or not held.rows:
        return
    terminalreporter.section("budgets")
    for line, kept in held.table():
        terminalreporter.write_line(line, red=not kept)
