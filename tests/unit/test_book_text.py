"""The corpus: plain prose, and not too far behind the chapters."""

import pytest

from tools import book_text
from udl_core import datasets


def test_the_text_has_not_fallen_behind_the_chapters():
    """Half may be newer: an edit of a chapter need not renew the corpus, and what was learnt from it."""
    shipped = set(datasets.book_text().splitlines())
    now = [line for line in book_text.book_text(book_text.ROOT).splitlines() if line]
    kept = sum(len(line) for line in now if line in shipped) / sum(map(len, now))
    assert kept > 0.5, f"only {kept:.0%} of the prose is in the corpus: run `python tools/book_text.py` and commit"


def test_the_text_is_prose_in_few_characters():
    text = datasets.book_text()
    assert 40_000 < len(text) < 1_000_000
    assert len(set(text)) < 130  # one row of an embedding each
    assert not set(text) & set("\\$`{}*\t\r")
    assert "\n\n\n" not in text
    assert max(len(line) for line in text.splitlines()) < 2500


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# A title\n\nOne\nparagraph.\n\n## Next\nmore", "\nA title\nOne paragraph.\n\nNext\nmore"),
        ("**Bold** and *thin* and `code`", "Bold and thin and code"),
        ("- one;\n- two\n  and more.", "one;\ntwo and more."),
        ("2 * 3 and x_1, y_2", "2 * 3 and x_1, y_2"),
        ("Choose $\\boldsymbol\\phi = (\\phi_0, \\phi_1)$.", "Choose φ = (φ_0, φ_1)."),
        ("$-\\theta_{d0} / \\theta_{d1}$, $\\frac{1}{2}$, $\\bar x$, $\\hat{\\phi}$", "−θ_d0 / θ_d1, 1/2, x̄, φ̂"),
        ("so that\n\n$$\ny = 1\n$$ (eq-y)\n\nholds", "so that\nholds"),
        (":::{admonition} Loss\n:class: definition\nA number.\n:::", "Loss\nA number."),
        (":::{admonition} Predict, then look\n:class: dropdown predict\n\nNo.\n:::", "No."),
        ("```{figure} a.png\n:name: a\nPicture\n```\nText", "Text"),
        ("Known {cite}`prince2023understanding`. {cite:t}`zaslavsky1975facing` says", "Known. Zaslavsky (1975) says"),
        ("See [the page](../book/notation.md) and {ref}`that <label>`.", "See the page and that."),
        ("(label)=\n## Title\n| a | b |\n|---|---|\n<br>end", "\nTitle\nend"),
    ],
)
def test_markdown_becomes_plain_text(markdown, text):
    assert book_text.plain(markdown) == text
