"""The words by which a conversation is found again, in a table of its own that every database serves alike.

Words are kept in small letters without accents, each once for a conversation. A plain table rather than the full-text
index of a database: what is forgotten is gone from it at once, and SQLite and PostgreSQL run the same code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from records.console_models import ConversationWord
from records.models import Conversation

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
SHORTEST_WORD = 2
MOST_WORDS = 2000  # of one conversation
MOST_SEARCHED = 8
AFTER_EVERY_LETTER = "\U0010ffff"


def words_of(text: str) -> list[str]:
    """The words of a text as they are kept, each once, in their order."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    found = (word[:LONGEST_WORD] for word in WORD.findall(plain))
    return list(dict.fromkeys(word for word in found if len(word) >= SHORTEST_WORD))


def add(session: Session, conversation_id: int, texts: Iterable[str]) -> None:
    """Keep the words of some texts with those kept before."""
    wanted = words_of(" ".join(texts))
    if not wanted:
        return
    room = MOST_WORDS - (session.scalar(HOW_MANY, {"of": conversation_id}) or 0)
    rows = [{"conversation_id": conversation_id, "word": word} for word in wanted[: max(0, room)]]
    if rows:
        session.execute(UNLESS_KNOWN[session.get_bind().dialect.name], rows)


# Each statement is put together once, since that takes longer than running it.
table = ConversationWord.__table__
HOW_MANY = select(func.count()).select_from(table).where(table.c.conversation_id == bindparam("of"))
UNLESS_KNOWN = {
    "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
}


def are_in(searched: str) -> list[Any]:
    """Conditions on a conversation: each searched word, or one that begins with it, was said in it."""
    return [Conversation.id.in_(_with_word(word)) for word in words_of(searched)[:MOST_SEARCHED]]


def _with_word(word: str) -> Any:
    begins = ConversationWord.word.between(word, word + AFTER_EVERY_LETTER)
    return select(ConversationWord.conversation_id).where(begins)
