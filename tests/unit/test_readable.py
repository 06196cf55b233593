"""The path a learner of backpropagation reads fits into an afternoon, and no function on it has grown out of sight."""

import ast
import io
import tokenize
from pathlib import Path

import udl_core

PACKAGE = Path(udl_core.__file__).parent
PATH = (
    "network.py",
    "layers/dense.py",
    "activations.py",
    "models.py",
    *sorted(f"losses/{path.name}" for path in (PACKAGE / "losses").glob("*.py")),
    "optim/optimisers.py",
    "objective.py",
    "training/batches.py",
    "training/fitting.py",
    "training/history.py",
)  # network, dense, activations, models, losses, optimisers, fit


def code_lines(text):
    """Numbers of the lines that hold code: no docstrings, comments or blank lines."""
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines -= set(range(node.lineno, node.end_lineno + 1))
    return lines


def test_lines_of_code_are_counted_as_a_reader_counts():
    text = '"""What\nit is."""\n\n# why\nx = """a\nb"""  # here\n\n\ndef f():\n    """No."""\n    return (1 +\n    2)\n'
    assert code_lines(text) == {5, 6, 9, 11, 12}


def test_the_path_of_backpropagation_is_short_enough_to_read():
    counted = {name: len(code_lines((PACKAGE / name).read_text(encoding="utf-8"))) for name in PATH}
    assert sum(counted.values()) < 1500, counted


def test_fit_is_a_loop_and_its_checks():
    (fit,) = [
        node
        for node in ast.parse((PACKAGE / "training/fitting.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "fit"
    ]
    body = ast.unparse(fit.body[1:])
    assert len(body.splitlines()) <= 30
