"""Sealed answers: what is within the tolerance opens, and one slow key is all that a try costs."""

import hashlib
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udl_exercises.author import sealing
from udl_exercises.author.sealing import seal_choice, seal_value
from udl_exercises.check import seal
from udl_exercises.check.judge import Verdict, judge


def exercise(value: Any, *mistakes: tuple[str, Any], atol: float = 1e-6) -> dict[str, Any]:
    sealed = seal_value(value, mistakes, salt="q", atol=atol, iterations=2)
    return {"name": "q", "kind": "value", "answer": "q", "compare": {}, "sealed": sealed}


def told(exercise: dict[str, Any], answer: Any) -> Verdict:
    return judge(exercise, [], {"q": answer})


def test_the_format_is_what_its_description_says() -> None:
    """Vectors for programs in other languages: from numbers to content, key, digest and locked text."""
    form = {"shape": [2, 2], "whole": False, "step": 0.25, "shift": 0.5}
    text = seal.content([[0.0, -0.7], [3.0, 1.8]], form)
    assert text == "numbers:2x2:0,-3,12,7"
    assert seal.content(5, {"shape": [], "whole": True}) == "numbers::5"
    assert seal.content("ReLU", {}) == "text:ReLU"
    key = seal.key(text, "last-slope", 1000)
    assert key == hashlib.pbkdf2_hmac("sha256", b"numbers:2x2:0,-3,12,7", b"last-slope", 1000)
    assert key.hex() == "1d1f05c0ef35e84e397c532a953bbbe3489eb274890199db88c5c2d426975b88"
    assert seal.digest(key) == hashlib.sha256(key + b"digest").hexdigest()[:20] == "dc70fc5fedb8ad88afe7"
    assert seal.lock("φ₀ is missing", key) == "4bf73f8ff5c88ff9c1ccafa69e1d1c99"
    assert seal.unlock("4bf73f8ff5c88ff9c1ccafa69e1d1c99", key) == "φ₀ is missing"
    long = "a text of more than one block, " * 5
    assert seal.unlock(seal.lock(long, key), key) == long


@pytest.mark.parametrize("iterations", [1, 2, 1000])
@pytest.mark.parametrize("text", ["", "text:A", "numbers:40:" + ",".join(["123456"] * 40)])
def test_python_without_openssl_derives_the_same_keys(
    monkeypatch: pytest.MonkeyPatch, text: str, iterations: int
) -> None:
    expected = hashlib.pbkdf2_hmac("sha256", text.encode(), b"salt", iterations)
    monkeypatch.delattr(hashlib, "pbkdf2_hmac")
    seal.key.cache_clear()
    assert seal.key(text, "salt", iterations) == expected


@given(
    value=st.floats(-1e4, 1e4),
    atol=st.sampled_from([1e-6, 5e-5, 5e-4, 1e-3, 0.02, 0.3]),
    share=st.floats(-1, 1),
    beyond=st.floats(3, 1e6) | st.floats(-1e6, -3),
)
def test_within_the_tolerance_opens_and_beyond_three_times_it_does_not(
    value: float, atol: float, share: float, beyond: float
) -> None:
    sealed = seal_value(value, (), salt="q", atol=atol, iterations=1)
    right = seal.content(value, sealed)
    assert seal.content(value + share * atol, sealed) == right
    assert seal.content(value + beyond * atol, sealed) != right


def test_several_numbers_that_sit_at_edges_are_refused_with_a_tolerance_that_works() -> None:
    values = [0.5, 0.50013, 0.7003]
    with pytest.raises(ValueError, match="sits at the edge of a cell, so that not all within") as raised:
        seal_value(values, (), salt="q", atol=1e-4, iterations=1)
    atol = float(str(raised.value).split("- atol: ")[1].rstrip("`"))
    sealed = seal_value(values, (), salt="q", atol=atol, iterations=1)
    for share in (-1, 1):
        assert seal.content(np.array(values) + share * atol, sealed) == seal.content(values, sealed)


@pytest.mark.parametrize(("value", "atol"), [(np.nan, 1e-6), (object(), 1e-6), ([], 1e-6), (0.5, 0.0), (1e15, 1e-6)])
def test_what_cannot_be_sealed_is_refused(value: Any, atol: float) -> None:
    with pytest.raises(ValueError):
        seal_value(value, (), salt="q", atol=atol, iterations=1)


@pytest.mark.parametrize(
    ("right", "answer", "words"),
    [
        (1.5, -1.5, "the sign is the other way round"),
        (1.5, 0.75, "the value is half of what is expected"),
        (1.5, 3.0, "the value is 2 times what is expected"),
        (1.5, 2 / 3, "the fraction is upside down"),
        (7, 8, "the value is one too many"),
        (7, 6.0, "the value is one too few"),
        ([1.0, 2.5], [2.5, 1.0], "they are reversed"),
        ([[1, 2], [3, 4]], [[1, 3], [2, 4]], "the result is transposed"),
        ([1.0, 2.5], [2.0, 5.0], "every value is 2 times"),
        (1.5, [1.5], "shape (1,), expected a single number; the value is right"),
        ([1.0, 2.5], [[1.0], [2.5]], "shape (2, 1), expected shape (2,); the value is right"),
        ([1.0, 2.5], [[1.0], [2.6]], "shape (2, 1), expected shape (2,)"),
        (1.5, np.nan, "NaN"),
        (1.5, 1e308, "got 1e+308"),
        (1.5, "1.5", "expected a number, got a str"),
        ("ReLU", "tanh", "got 'tanh'"),
        ("ReLU", 3, "expected a str, got a number"),
        ("ReLU", "half \ud800", "got"),
    ],
)
def test_a_slip_has_its_name(right: Any, answer: Any, words: str) -> None:
    verdict = told(exercise(right), answer)
    assert not verdict.right and words in verdict.text
    assert told(exercise(right), right).right


def test_a_mistake_is_told_its_own_words_and_nobody_else_reads_them() -> None:
    asked = exercise(1.5, ("That is the last weight alone.", 2.5), ("Four numbers.", [1.0, 2.0]))
    assert told(asked, 2.5 + 9e-7).notes == ["That is the last weight alone."]
    assert told(asked, [1.0, 2.0]).notes == ["Four numbers."]
    assert not told(asked, 2.6).notes
    assert "weight" not in json.dumps(asked)


@pytest.mark.parametrize("answer", [1.5, 2.5, -1.5, 77.0])
def test_one_try_derives_one_key(monkeypatch: pytest.MonkeyPatch, answer: float) -> None:
    asked = exercise(1.5, ("Alone.", 2.5), ("Twice.", 4.5))
    derived = []
    key = seal.key
    monkeypatch.setattr(seal, "key", lambda *arguments: derived.append(arguments) or key(*arguments))
    told(asked, answer)
    assert len(derived) == 1


def test_an_array_has_one_digest_not_one_for_each_element() -> None:
    sealed = seal_value(np.arange(12).reshape(4, 3), (), salt="q", atol=1e-9, iterations=1)
    assert isinstance(sealed["right"], str) and len(sealed["right"]) == 20
    wrong = np.arange(12).reshape(4, 3)
    wrong[2, 1] += 2
    asked = {"name": "q", "kind": "array", "answer": "q", "compare": {}, "sealed": sealed}
    assert told(asked, np.arange(12.0).reshape(4, 3)).right and not told(asked, wrong).right


def test_a_choice_opens_its_own_feedback_alone() -> None:
    sealed = seal_choice("ABC", "B", ["Not so.", "Yes.", "Nor this."], salt="q", iterations=2)
    asked = {"name": "q", "kind": "choice", "answer": "q", "letters": "ABC", "sealed": sealed}
    assert [judge(asked, [], {"q": letter}).right for letter in "ABC"] == [False, True, False]
    assert [judge(asked, [], {"q": letter}).notes for letter in "ABC"] == [["Not so."], ["Yes."], ["Nor this."]]
    assert "Not so" not in json.dumps(asked)
    assert not judge(asked, [], {"q": "AB"}).right


def test_a_build_derives_each_key_once_for_all_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(sealing, "KEPT", tmp_path / "cache/seals.json")
    monkeypatch.setattr(seal, "ITERATIONS", 3)
    sealing._kept.cache_clear()
    first = seal_value(1.5, (), salt="q", atol=1e-6, iterations=3)
    sealing._kept.cache_clear()
    monkeypatch.setattr(seal, "key", None)  # nothing is derived any more
    assert seal_value(1.5, (), salt="q", atol=1e-6, iterations=3) == first
    sealing._kept.cache_clear()
