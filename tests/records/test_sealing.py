"""What is sealed can be read by whoever has the signing key, and by nobody else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from records.sealing import SealError, derived_key, seal, unseal
from tests.records.conftest import use_key


@profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_what_was_sealed_is_opened_again(text: str, key: str) -> None:
    assert unseal(seal(text)) == text


def test_nothing_of_the_words_can_be_seen(key: str) -> None:
    sealed = seal("Maria Testperson")
    assert "Maria" not in sealed
    assert sealed.isascii()


def test_the_same_words_are_never_sealed_the_same(key: str) -> None:
    assert seal("Maria Testperson") != seal("Maria Testperson")


def test_another_signing_key_opens_nothing(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("Maria Testperson")
    use_key(monkeypatch, "x" * 32)
    with pytest.raises(SealError, match="IMR_SECRET_KEY"):
        unseal(sealed)


@pytest.mark.parametrize("sealed", ["", "Maria", "gAAAA", "é"])
def test_what_was_not_sealed_is_not_opened(sealed: str, key: str) -> None:
    with pytest.raises(SealError):
        unseal(sealed)


def test_each_use_has_a_key_of_its_own(key: str) -> None:
    keys = {derived_key("one"), derived_key("two"), key.encode()}
    assert len(keys) == 3
    assert derived_key("one") == derived_key("one")
