"""From the exercises' sources to everything else.

build        derive all notebooks and cases into _build/assignments
pages        write the pages of the book (make book does it)
try          run reference, starter and mutants of one source and show every message, while you write
"""

import argparse
import sys
from pathlib import Path

from udl_exercises.author import derive, trying
from udl_exercises.author.settings import ANSWERS, ROOT, read_settings
from udl_exercises.author.source import SourceError, read_chapter
from udl_exercises.check.saying import say


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m udl_exercises", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="derive all notebooks and cases")
    build.add_argument("--out", type=Path, default=ROOT / "_build/assignments", help="where to (%(default)s)")
    build.add_argument("--solutions", choices=("yes", "no"), help="whether the reader's notebook holds solutions")
    build.add_argument("--hints", help="all, none, or how many of each exercise")
    build.add_argument("--answers", choices=ANSWERS, help="whether students can check values and choices")
    build.add_argument("--seed", type=int, help="of the hidden cases; drawn and recorded unless given")
    build.add_argument("--hidden", type=int, help="how many hidden cases")
    build.add_argument("--no-execute", action="store_true", help="leave the instructor's notebook unexecuted")
    commands.add_parser("pages", help="write the pages of the book")
    trial = commands.add_parser("try", help="run reference, starter and mutants of one source, show every message")
    trial.add_argument("source", type=Path)
    trial.add_argument("name", nargs="*", help="only these exercises")
    options = parser.parse_args(arguments)
    try:
        if options.command == "pages":
            derive.write_pages(ROOT, read_settings())
            return 0
        return try_source(options.source, options.name) if options.command == "try" else build_all(options)
    except (SourceError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def build_all(options: argparse.Namespace) -> int:
    hints = int(options.hints) if options.hints and options.hints.isdigit() else options.hints
    solutions = None if options.solutions is None else options.solutions == "yes"
    settings = read_settings(
        solutions=solutions, hints=hints, answers=options.answers, seed=options.seed, hidden=options.hidden
    )
    written = list(derive.write_assignments(ROOT, options.out, settings, execute=not options.no_execute))
    print(f"{len(written)} files in {options.out}; the hidden cases' seed is in {options.out / derive.SEED}")
    return 0


def try_source(source: Path, names: list[str]) -> int:
    chapter = read_chapter(source)
    chosen = [exercise for exercise in chapter.exercises if not names or exercise.name in names]
    good = [trying.show(chapter, exercise) for exercise in chosen]
    say(f"\n{sum(good)} of {len(good)} exercises are sound, {chapter.points} points in all.")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
