"""Derive everything from the exercises' sources, or try a source while writing it."""

import argparse
import sys
from pathlib import Path

from udl_exercises import trying
from udl_exercises.source import SourceError, read_chapter

ROOT = Path(__file__).parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m udl_exercises", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    trial = commands.add_parser("try", help="run reference, starter and mutants of one source, show every message")
    trial.add_argument("source", type=Path)
    trial.add_argument("name", nargs="*", help="only these exercises")
    options = parser.parse_args()
    try:
        return try_source(options.source, options.name)
    except SourceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def try_source(source: Path, names: list[str]) -> int:
    chapter = read_chapter(source)
    chosen = [exercise for exercise in chapter.exercises if not names or exercise.name in names]
    good = [trying.show(chapter, exercise) for exercise in chosen]
    print(f"\n{sum(good)} of {len(good)} exercises are sound, {chapter.points} points in all.")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
