"""What every live figure has in common, seen from Python."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets

from udl_core import widgets
from udl_core.figures.style import PALETTE

ROOT = Path(__file__).resolve().parents[2]
KINDS = [getattr(widgets, name) for name in widgets.__all__ if name != "LiveFigure"]
each = pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
# what is declared is tested in test_live_figures.py
WITH_PHI = [kind for kind in KINDS if kind.class_traits().get("phi") and not kind.layout]
each_with_phi = pytest.mark.parametrize("kind", WITH_PHI, ids=[kind.__name__ for kind in WITH_PHI])


@each_with_phi
def test_the_same_phi_again_tells_nobody_and_another_does(kind):
    w = kind()
    heard = []
    w.observe(lambda change: heard.append(change.new), "phi")
    w.phi = w.phi.copy()
    assert heard == []
    w.phi = w.phi + 0.25
    assert len(heard) == 1
    assert np.array_equal(heard[0], w.phi)


@each_with_phi
def test_a_bad_phi_is_named_and_nothing_is_lost(kind):
    w = kind()
    before = w.phi.copy()
    for bad, words in (([], "shape"), ("abc", "numbers"), ([np.nan] * len(before), "finite"), (before[None], "shape")):
        for error in (ValueError, traitlets.TraitError):
            with pytest.raises(error, match=rf"phi must .*{words}"):
                w.phi = bad
    assert np.array_equal(w.phi, before)
    with pytest.raises(TypeError, match=r"has no argument 'colour'; it takes .*phi"):
        kind(colour="red")


@each
def test_its_html_holds_its_state_and_a_picture_with_a_name(kind):
    w = kind()
    text = w.html()
    state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text, re.S)[1])
    assert state == w.to_dict()
    assert kind(**state).to_dict() == state
    assert f'data-udl-widget="{w.figure}"' in text
    assert 'data-udl-state="picture"' in text
    assert len(re.search(r'role="img" aria-label="([^"]+)"', text)[1]) > 40


@each
def test_its_picture_is_the_same_every_time(kind):
    assert kind().html() == kind().html()


@pytest.mark.parametrize("path", ["book/lite/bar.css", "book/_static/favicon.svg", "book/_static/site.css"])
def test_colours_come_from_the_palette(path):
    allowed = {value.lower() for mode in PALETTE.values() for value in mode.values()} | {"#000", "#fff", "#ffffff"}
    found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", (ROOT / path).read_text()))
    assert {colour.lower() for colour in found} <= allowed
