"""How exercises are given out: with or without solutions, how many hints, which hidden cases."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
NAME = "exercises/settings.yml"
ANSWERS = ("sealed", "withheld")


@dataclass(frozen=True)
class Settings:
    solutions: bool = True
    hints: int | None = None  # how many; None is all
    answers: str = "sealed"  # whether what students get can tell a right value or choice
    seed: int | None = None  # of the hidden cases; None has one drawn
    hidden: int = 20

    @property
    def withheld(self) -> bool:
        return self.answers == "withheld"

    def __post_init__(self) -> None:
        if not isinstance(self.solutions, bool):
            raise ValueError(f"{NAME}: solutions must be true or false, got {self.solutions!r}")
        if self.answers not in ANSWERS:
            raise ValueError(f"{NAME}: answers must be {' or '.join(ANSWERS)}, got {self.answers!r}")
        for name in ("hints", "seed", "hidden"):
            value = getattr(self, name)
            if not (name != "hidden" and value is None) and (type(value) is not int or value < 0):
                raise ValueError(f"{NAME}: {name} must be a whole number of 0 or more, got {value!r}")


def read_settings(root: Path = ROOT, **given: Any) -> Settings:
    """The settings file of the project; `given` values go first, None means not given. Raises ValueError."""
    path = root / NAME
    values = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
    if not isinstance(values, dict):
        raise ValueError(f"{NAME}: `name: value` on each line is expected, got {values!r}")
    if unknown := set(values) - set(Settings.__dataclass_fields__):
        raise ValueError(f"{NAME}: unknown setting {', '.join(sorted(unknown))}")
    values |= {name: value for name, value in given.items() if value is not None}
    values["hints"] = {"all": None, "none": 0}.get(values.get("hints", "all"), values.get("hints"))
    return Settings(**values)
