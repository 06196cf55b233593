"""The promises that cost a reader time or trouble when broken: one table at the end of a run, and a failure each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Budgets:
    """What was measured against what was promised."""

    rows: dict[str, list[float]] = field(default_factory=dict)  # name: [now, at most]

    def measure(self, name: str, now: float, at_most: float) -> None:
        """Keep a size for the table, and fail when it is too large."""
        self.add({name: [now, at_most]})
        assert now <= at_most, f"over budget: {name}: {now:.1f}, at most {at_most}"

    def none_of(self, name: str, found: list[str]) -> None:
        """Add to a count that should stay 0, and fail with what was found."""
        self.add({name: [len(found), 0]})
        assert not found, f"{name}: " + "\n".join(found)

    def add(self, rows: dict[str, list[float]]) -> None:
        """Take in what was measured, here or by a worker: counts add up, and of two sizes the larger one stays."""
        for name, (now, at_most) in rows.items():
            before = self.rows.setdefault(name, [0, at_most])[0]
            self.rows[name][0] = before + now if at_most == 0 else max(before, now)

    def table(self) -> Iterator[tuple[str, bool]]:
        """Lines to print, each with whether its budget is kept."""
        yield f"{'budget':60}{'now':>10}{'at most':>10}", True
        for name, (now, at_most) in sorted(self.rows.items()):
            kept = now <= at_most
            yield f"{name:60}{now:10.1f}{at_most:10g}{'' if kept else '  EXCEEDED'}", kept


HELD = pytest.StashKey[Budgets]()


@pytest.fixture(scope="session")
def budgets(pytestconfig: pytest.Config) -> Budgets:
    return pytestconfig.stash[HELD]


class BudgetTable:
    """The plugin that prints the table. With several workers, each sends its rows when it is done."""

    def __init__(self, config: pytest.Config) -> None:
        self.budgets = config.stash.setdefault(HELD, Budgets())

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["budgets"] = self.budgets.rows

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.budgets.add(getattr(node, "workeroutput", {}).get("budgets", {}))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.budgets.rows:
            terminalreporter.section("budgets")
        for line, kept in self.budgets.table() if self.budgets.rows else ():
            terminalreporter.write_line(line, red=not kept)
