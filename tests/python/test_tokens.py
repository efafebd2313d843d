"""Tokens: they are the text, and they say what they are."""

from __future__ import annotations

import pickle

import marsad
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

KINDS = {
    "word",
    "number",
    "latin",
    "punctuation",
    "url",
    "email",
    "hashtag",
    "mention",
    "emoji",
    "space",
}
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["بغداد", "وبالرياض", "للعراق", "#وسم", "@user_1", "info@example.com", "https://example.com/a?b=1", "NATO"]
        ),
        st.sampled_from(
            ["1,250.5", "٢٠٢٥", "😀", "❤\ufe0f", "«", " ", "\n", "\r\n", "\u00a0", "\u200f", "\u202e", "ـ", "َ"]
        ),
        st.sampled_from(["\ufeff", "\ud800", "\udfff"]),
        st.text(max_size=4),
    ),
    max_size=20,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_tokens_are_the_text(text: str) -> None:
    tokens = marsad.tokenize(text)
    assert "".join(token.text for token in tokens) == text
    at = 0
    for token in tokens:
        assert token.start == at
        assert token.end > token.start
        assert text[token.start : token.end] == token.text
        assert token.kind in KINDS
        assert isinstance(token.proclitics, tuple)
        at = token.end
    assert at == len(text)


def test_kinds() -> None:
    text = "قال 5 test@example.com #وسم @user 😀 https://example.com NATO!"
    found = {token.text: token.kind for token in marsad.tokenize(text)}
    assert found == {
        "قال": "word",
        " ": "space",
        "5": "number",
        "test@example.com": "email",
        "#وسم": "hashtag",
        "@user": "mention",
        "😀": "emoji",
        "https://example.com": "url",
        "NATO": "latin",
        "!": "punctuation",
    }


def test_token() -> None:
    (token,) = marsad.tokenize("وَبالرِّياض")
    assert token == marsad.Token("وَبالرِّياض", 0, 11, "word", "وبالرياض", ("و", "ب", "ال"))
    assert token.normalized == "وبالرياض"
    assert pickle.loads(pickle.dumps(token)) == token
    with pytest.raises(AttributeError):
        token.text = "x"  # type: ignore[misc]


def test_no_text_no_tokens() -> None:
    assert marsad.tokenize("") == []
    assert [token.kind for token in marsad.tokenize(" \n\t")] == ["space"]


def test_normalized_of_surrogates() -> None:
    tokens = marsad.tokenize("مصر\ud800")
    assert tokens[-1].text.endswith("\ud800")
    assert tokens[-1].normalized.endswith("\ufffd")


@pytest.mark.parametrize("wrong", [None, 5, b"a", ["a"]])
def test_wrong_text(wrong: object) -> None:
    with pytest.raises(TypeError, match=rf"text: found {type(wrong).__name__}; a str is due"):
        marsad.tokenize(wrong)  # type: ignore[arg-type]
