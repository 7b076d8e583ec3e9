"""Finding the dates of a text: cut it, match the rules, join what belongs together, choose the year."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from nlu.dates.calendar_words import Choices, Days, between, setting, shift
from nlu.dates.choice import Lean, Leanings, choose
from nlu.dates.forms_day import DAY_RULES
from nlu.dates.forms_named import NAMED_RULES
from nlu.dates.forms_ordinal import ORDINAL_RULES
from nlu.dates.forms_relative import RELATIVE_RULES
from nlu.dates.hedges import hedged
from nlu.dates.joins import JOIN_RULES, beside_interval
from nlu.dates.mention import DateMention
from nlu.dates.patterns import numbers
from nlu.dates.shapes import Around, Found, Rule, beside, day_words, spans
from nlu.dates.tokens import Token, read_words

_RULES = [*DAY_RULES, *ORDINAL_RULES, *NAMED_RULES, *RELATIVE_RULES]
_LONG_AGO_DAYS = 345
_NEAR_YEARS = 2
_HALF_A_YEAR = 183
_TOLD_MONTH_DAYS = 130
_JUST_BEFORE_DAYS = 3


class Sighting(NamedTuple):
    """A mention with what the roles must know of it: its words (`first` to `last` of the cut text), whether
    a full year is told, which way the words around lean (None: they do not say), what kind of date it is, all
    days that were open, and whether it stands behind "after" or "before"."""

    mention: DateMention
    first: int
    last: int
    full_year: bool
    lean: Lean | None
    kind: str
    choices: Choices
    beside: bool


class Page(NamedTuple):
    """What the readers of one text share."""

    words: list[Token]
    today: date
    leanings: Leanings


def find_dates(text: str, today: date) -> list[DateMention]:
    """The dates named in a text, in order, without overlap. `today` is the day on which it was written."""
    return [sighting.mention for sighting in sightings(text, read_words(text), today)]


def sightings(text: str, words: list[Token], today: date) -> list[Sighting]:
    """The dates of a text already cut into `words`."""
    tokens = _joined(day_words().merge(words), today)
    dated = [token for token in tokens if token.found is not None]
    if not dated:
        return []
    starts = [word.start for word in words]
    bounds = [(bisect_left(starts, token.start), bisect_left(starts, token.end)) for token in dated]
    inside = {place for first, last in bounds for place in range(first, last)}
    page = Page(words, today, Leanings(words, inside))
    seen: list[Sighting] = []
    for token, (first, last) in zip(dated, bounds, strict=True):
        found = token.found
        lean = page.leanings.around(first, last)
        if not _tells_a_date(found, page, first, last, lean, seen):
            continue
        days = _days(found, page, first, last, lean, seen)
        told = days or (None, None, "impossible")
        mention = DateMention(text[token.start : token.end], token.start, token.end, *told)
        full_year = found.pinned and found.kind == "a_day"
        seen.append(
            Sighting(mention, first, last, full_year, lean, found.kind, found.choices, _is_beside(page, found, first))
        )
    return seen


def turned_ahead(sighting: Sighting, today: date, asked: bool) -> DateMention:
    """The mention as it reads when it tells of what may lie ahead, where the words around do not say or were
    about something else (`asked`: it only answers a question): the nearest such day, before or after today."""
    mention = sighting.mention
    if len(sighting.choices) < 2 or mention.earliest is None:
        return mention
    if mention.earliest != mention.latest and not sighting.beside:
        return mention
    near = abs((today - mention.earliest).days) < _HALF_A_YEAR
    if sighting.lean and not asked and near and not sighting.beside:
        return mention
    days = choose(sighting.choices, today, "future" if sighting.kind == "a_weekday" else "either")
    sure = sighting.kind == "an_ordinal" and days.precision == "ambiguous"
    return replace(mention, earliest=days.earliest, latest=days.latest, precision="exact" if sure else days.precision)


def _joined(tokens: list[Token], today: date) -> list[Token]:
    """The tokens with every date as one token; dates that belong together are joined, twice over."""
    tokens = _marked(tokens, _RULES, today)
    for _ in range(2):
        if all(token.found is None for token in tokens):
            break
        tokens, before = _marked(tokens, JOIN_RULES, today), len(tokens)
        if len(tokens) == before:
            break
    return tokens


def _marked(tokens: list[Token], rules: list[Rule], today: date) -> list[Token]:
    marked, place = [], 0
    for span in spans(rules, tokens, today):
        marked.extend(tokens[place : span.first])
        if span.found is None:
            marked.extend(token._replace(kind="other") for token in tokens[span.first : span.last])
        else:
            start, end = tokens[span.first], tokens[span.last - 1]
            marked.append(Token(span.found.kind, start.text, start.start, end.end, found=span.found))
        place = span.last
    return [*marked, *tokens[place:]]


def _tells_a_date(found: Found, page: Page, first: int, last: int, lean: Lean | None, seen: list[Sighting]) -> bool:
    """Whether the words tell a date here: "two days later" needs one told before, "in two weeks" a future."""
    if found.move:
        return bool(seen) and seen[-1].mention.earliest is not None
    return found.kind != "a_hope" or _lies_ahead(page.words, first, last, lean)


def _days(
    found: Found, page: Page, first: int, last: int, told_lean: Lean | None, seen: list[Sighting]
) -> Days | None:
    """The days that are meant; None when no calendar has them."""
    if found.move:
        before = seen[-1].mention
        if before.earliest is None or before.latest is None:
            return None
        return found.move(Days(before.earliest, before.latest, before.precision))
    if not found.choices:
        return None
    lean = told_lean or ("future" if page.words[first].text == "this" and found.kind == "a_weekday" else "past")
    if found.kind == "a_weekday" and lean == "either":
        lean = "future"
    days = choose(found.choices, page.today, lean)
    if found.kind == "an_ordinal":
        days = _in_the_told_month(found, days, page.today, lean, seen)
        if days.precision == "ambiguous" and told_lean:
            days = days._replace(precision="exact")
    days = _in_the_told_year(found, days, page.today, lean, seen)
    return _softened(found, days, page, first, last, lean)


def _lies_ahead(words: list[Token], first: int, last: int, lean: Lean | None) -> bool:
    """ "In two weeks" is a day when something is to come, and a length of time otherwise."""
    before = tuple(word.text for word in words[max(first - 5, 0) : first])
    if beside(Around(before, ()), "takes", "before", 5):
        return False
    return lean in ("future", "either") or len(words) <= last - first + 1


def _in_the_told_year(found: Found, days: Days, today: date, lean: Lean, seen: list[Sighting]) -> Days:
    """After "denied 10/5/2025" a bare "11/2" is that year's rather than this year's, but not surely."""
    told = [one.mention.earliest for one in seen if one.full_year and one.mention.precision == "exact"]
    anchor = told[-1] if told else None
    if found.pinned or found.kind != "a_day" or lean != "past" or anchor is None:
        return days
    if today.year - anchor.year not in range(1, _NEAR_YEARS + 1) or not anchor < days.earliest:
        return days
    nearer = next((one for one in found.choices if one.earliest >= anchor), days)
    return nearer._replace(precision="ambiguous") if nearer.earliest < days.earliest else days


def _in_the_told_month(found: Found, days: Days, today: date, lean: Lean, seen: list[Sighting]) -> Days:
    """After "dated September 18" a bare "the 24th" is that month's; a day of the month that had come before is
    the next month's, unless it had come only just before ("found it September 16, dated the 15th")."""
    told = [one.mention for one in seen if one.kind in ("a_day", "an_ordinal") and one.mention.precision == "exact"]
    anchor = told[-1].earliest if told else None
    if anchor is None or lean != "past" or not 0 <= (today - anchor).days <= _TOLD_MONTH_DAYS:
        return days
    past = [one for one in found.choices if one.earliest <= today]
    ahead = next((one for one in past if one.earliest >= anchor), None)
    before = next((one for one in reversed(past) if one.earliest < anchor), None)
    just_before = before and (anchor - before.earliest).days <= _JUST_BEFORE_DAYS
    meant = before if before and just_before and (not ahead or (ahead.earliest - anchor).days > 7) else ahead
    return meant._replace(precision="exact") if meant else days


def _softened(found: Found, days: Days, page: Page, first: int, last: int, lean: Lean) -> Days:
    """The days after what weakens them: "after ...", a hedge, a holiday almost a year ago."""
    if _is_beside(page, found, first) and lean == "past":
        days = beside_interval(
            days, -1 if page.words[first - 1].text == "before" else 1, int(setting("sometime_after_days"))
        )
        return _not_after_today(days, page.today)
    if days.earliest == days.latest and hedged(page.words, first, last):
        return _not_after_today(_widened(found, days), page.today)
    if days.precision == "ambiguous" and hedged(page.words, first, last):
        return days._replace(precision="approximate")
    long_ago = (page.today - days.latest).days > _LONG_AGO_DAYS
    if found.kind == "a_holiday" and not found.pinned and long_ago and days.precision == "exact":
        return days._replace(precision="ambiguous")
    return days


_POINTS = ("a_day", "an_ordinal", "a_weekday", "a_holiday")


def _is_beside(page: Page, found: Found, first: int) -> bool:
    return first > 0 and page.words[first - 1].text in ("before", "after") and found.kind in _POINTS


def _widened(found: Found, days: Days) -> Days:
    relative = found.kind == "a_time"
    name = "relative_day_widens_by_days" if relative else "exact_day_widens_by_days"
    reach = int(numbers("hedges")[name])
    return between(shift(days.earliest, -reach), shift(days.latest, reach))


def _not_after_today(days: Days, today: date) -> Days:
    """What may have been cannot lie after today, unless all of it does."""
    middle = shift(days.earliest, (days.latest - days.earliest).days // 2)
    if middle > today or days.latest <= today:
        return days
    return days._replace(latest=today) if days.earliest <= today else days
