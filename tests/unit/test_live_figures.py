"""What holds for every live figure that is declared by fields and a layout; the rows are in `tests/live_figures.py`."""

import json
import re

import numpy as np
import pytest
import traitlets

from tests.copied_python import run
from tests.live_figures import ROWS, bad, natural, states
from tools import declare
from udl_core import widgets
from udl_core.widgets.layout import marks

each = pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.figure)


def test_every_declared_figure_has_its_row():
    assert set(ROWS) == set(declare.declared())


def test_the_front_end_has_what_python_declares():
    assert declare.stale() == [], 'run "make bundle" and commit js/src/declared'


@each
def test_every_state_is_kept_and_shown_whole(kind):
    names = {mark.name for mark in marks(kind.layout) if not mark.ghost}
    for state in states(kind):
        w = kind(**state)
        plain = json.loads(json.dumps(w.to_dict()))
        assert type(w)(**plain).to_dict() == plain
        assert w.scene().keys() == names
        assert w.words()["summary"].endswith(".")
        assert {len(row) for row in w.rows()} == {len(kind.table.head)}
        assert not kind.question or kind.question.min <= w.truth() <= kind.question.max
        assert 40 < len(w.picture().alt) < 400


@each
def test_what_cannot_be_shown_is_refused_by_name_and_nothing_is_lost(kind):
    w = kind()
    before = w.to_dict()
    for name, field in kind.fields().items():
        for value in bad(field):
            with pytest.raises(traitlets.TraitError, match=rf"^{name} must be {re.escape(field.says)}, got ") as caught:
                setattr(w, name, value)
            assert isinstance(caught.value, ValueError)
            assert len(str(caught.value)) < 300
    assert w.to_dict() == before
    with pytest.raises(TypeError, match="has no argument 'colour'; it takes"):
        kind(colour="red")


@each
def test_natural_numpy_values_are_taken(kind):
    for name, field in kind.fields().items():
        for value in natural(field):
            assert np.array_equal(getattr(kind(**{name: value}), name), value)


@each
def test_the_same_value_again_tells_nobody(kind):
    w, other = kind(), kind(**states(kind)[-1])
    heard = []
    w.observe(heard.append, list(kind.fields()))
    with w.hold_trait_notifications():
        for name in kind.fields():
            setattr(w, name, np.copy(getattr(w, name))[()])
    assert heard == []
    with w.hold_trait_notifications():
        for name in kind.fields():
            setattr(w, name, getattr(other, name))
    assert w.to_dict() == other.to_dict()


@each
def test_copied_python_gives_the_figures_numbers(kind):
    for state in states(kind):
        w = kind(**state)
        names, printed = run(w.python())
        assert printed
        for name, value in ROWS[kind].copied(w).items():
            np.testing.assert_allclose(names[name], value, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "state", "words"), [(kind, *case) for kind, row in ROWS.items() for case in row.says], ids=str
)
def test_the_words_are_true(kind, state, words):
    assert words in " ".join(str(text) for text in kind(**state).words().values())


@each
def test_its_documentation_names_every_field(kind):
    for name, field in kind.fields().items():
        assert f"{name}: {field.doc}; {field.says}." in kind.__doc__


def test_vectors_agree_on_their_lengths():
    class Points(widgets.LiveFigure):
        x = widgets.fields.Vector("I", default=[0.0, 1.0], I=(1, 3))
        y = widgets.fields.Vector("I", default=[0.0, 1.0])
        phi = widgets.fields.Vector("2 I + 1", default=np.zeros(5))
        shown = widgets.fields.Whole(0, "I", default=0)

    with pytest.raises(traitlets.TraitError, match=r"x must be .*needs 2; to change both.*hold_trait_notifications"):
        Points().x = [1.0]
    for wrong in (
        {"x": [], "y": [], "phi": [1]},
        {"x": [0] * 4, "y": [0] * 4, "phi": [0] * 9},
        {"phi": [0] * 4},
        {"shown": 3},
    ):
        with pytest.raises(traitlets.TraitError, match="must be"):
            Points(**wrong)
    w = Points()
    with w.hold_trait_notifications():
        w.x, w.y, w.phi = [1], [True], range(3)
    assert w.to_dict() == {"x": [1], "y": [1], "phi": [0, 1, 2], "shown": 0}
