"""Texts on pages: what can be called or opened is a link, bullets are lists, and markup is only text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.linking import blocks, linked


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("call 1-888-466-2219.", 'call <a href="tel:18884662219">1-888-466-2219</a>.'),
        ("call (415) 555-0134", 'call <a href="tel:4155550134">(415) 555-0134</a>'),
        ("call +1 415-555-0134", 'call <a href="tel:+14155550134">+1 415-555-0134</a>'),
        ("call 911 now", 'call <a href="tel:911">911</a> now'),
        ("at www.a.example.", 'at <a href="https://www.a.example" rel="noopener noreferrer">www.a.example</a>.'),
        ("see https://a.example/b?c=d)", 'see <a href="https://a.example/b?c=d" rel="noopener noreferrer">'
         "https://a.example/b?c=d</a>)"),
        ("28 CCR 1300.68, $1911, room 911-5", "28 CCR 1300.68, $1911, room 911-5"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ('https://a.example/"onload=', '<a href="https://a.example/" rel="noopener noreferrer">https://a.example/</a>'
         "&#34;onload="),
    ],
)  # fmt: skip
def test_a_text_becomes(text: str, html: str) -> None:
    assert linked(text) == html


def test_lines_become_paragraphs_and_bullets_a_list() -> None:
    assert blocks("a\n\nb\n• c\n• d\ne") == "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul><p>e</p>"


@given(st.text())
def test_no_text_whatever_brings_markup_of_its_own(text: str) -> None:
    left = linked(text).replace("<a href=", "").replace("</a>", "").replace(' rel="noopener noreferrer">', "")
    assert "<" not in left
