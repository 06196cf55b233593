"""The notation page: Chinese terms are those of the Chinese edition of Prince's book, and stand nowhere else."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTATION = (ROOT / "book/notation.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in NOTATION.splitlines() if line.startswith("| ")
]
TEXT = {".html", ".ipynb", ".json", ".md", ".mjs", ".py", ".ts"}
CHINESE = re.compile(r"[\u4e00-\u9fff]+")

EDITION = {
    "joint": ["关节"],
    "orthant": ["正交区域", "象限"],
    "rectified linear unit": ["整流线性单元"],
    "multi-layer perceptron": ["多层感知器"],
    "universal approximation theorem": ["通用逼近定理"],
    "concatenated ReLU": ["串联 ReLU"],
    "dying ReLU": ["死亡 ReLU 问题"],
    "Heaviside step": ["海维赛德阶跃函数"],
    "pre-activation": ["预激活值"],
    "active": ["活跃"],
    "inactive": ["非活跃"],
}


@pytest.mark.parametrize("english", EDITION)
def test_the_term_of_the_chinese_edition_comes_first(english):
    (row,) = [row for row in ROWS if english in re.split(r"[;,] ", row[-2])]
    first = re.split("[;,] ", re.sub(r" \([^)]*\)", "", row[-1]))  # without the other usual ones
    assert set(EDITION[english]) <= set(first), row


def test_an_inflection_point_is_no_joint():
    assert "拐点" not in NOTATION


def test_chinese_elsewhere_is_on_the_notation_page():
    known = set(CHINESE.findall(NOTATION))
    folders = ("chapters", "exercises", "book", "udl_core", "udl_exercises", "js/src")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in TEXT]
    assert len(files) > 100
    for path in files:
        assert set(CHINESE.findall(path.read_text(encoding="utf-8"))) <= known, path
