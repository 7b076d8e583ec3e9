"""Which fact each date of a text tells, from the words around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from nlu.dates.claims import Claim, claims_of
from nlu.dates.corrections import corrects, only_reported, taken_back
from nlu.dates.events import Event, Story, tell
from nlu.dates.grammar import Sighting, sightings, turned_ahead
from nlu.dates.mention import DateMention, RoledDate
from nlu.dates.patterns import patterns
from nlu.dates.tokens import Token, read_words

NOTHING = "nothing"
TAKEN_BACK = "taken back"
ASKED = "asked for"
_FAINT = 2.5
_LONG_SPAN_DAYS = 200
_FURTHEST_RIGHT = 45
_FIRST = ("first ", "original ", "initial ")
_ANSWER_LETTER = ("answer letter", "reply letter", "response letter")
_THEY = ("they", "they've", "theyve", "they're", "theyre")


class Telling(NamedTuple):
    """A text with its dates, the events that claim them, and what was asked."""

    story: Story
    seen: list[Sighting]
    claims: dict[int, Claim]
    replaced: dict[int, int | None]
    today: date
    expecting: str | None
    about: str | None


def read_dates(text: str, today: date, expecting: str | None = None, about: str | None = None) -> list[RoledDate]:
    """The dates of a text, in order, each with the fact that it tells.

    `today` is the day on which it was written. `expecting` is the fact that was just asked for: a date that has
    no cue of its own tells that one. `about` is the decision that an answer is about ("grievance"): its only date
    is then of that one. A date that the text itself takes back tells none, with the rule "taken back". A day that
    only repeats what another one has told is left out.
    """
    words = read_words(text)
    seen = _without_counted(sightings(text, words, today), words)
    if not seen:
        return []
    story = tell(words, [(sighting.first, sighting.last) for sighting in seen])
    replaced = taken_back(story)
    telling = Telling(story, seen, claims_of(story, replaced), replaced, today, expecting, about)
    return _settled(telling, [_told(telling, number) for number in range(len(seen))])


def _without_counted(seen: list[Sighting], words: list[Token]) -> list[Sighting]:
    """The dates without a count that another date makes plain: "33 days since I sent it, October 21"."""
    sure = [one.mention.earliest for one in seen if one.mention.precision == "exact" and one.mention.earliest]
    return [one for one in seen if not (_counts_since(one, words) and any(_holds(one.mention, day) for day in sure))]


def _counts_since(sighting: Sighting, words: list[Token]) -> bool:
    vague = sighting.mention.precision == "approximate"
    return vague and sighting.last < len(words) and words[sighting.last].text == "since"


def _holds(mention: DateMention, day: date) -> bool:
    return mention.earliest is not None and mention.latest is not None and mention.earliest <= day <= mention.latest


def _told(telling: Telling, number: int) -> RoledDate:
    mention, claim = telling.seen[number].mention, telling.claims.get(number)
    if number in telling.replaced:
        return RoledDate(None, mention, 0.9, TAKEN_BACK)
    if telling.expecting and _answers(telling, number):
        return _unless_ahead(telling, number, telling.expecting, _asked_confidence(mention), ASKED)
    if claim is None or _whole_year(mention, telling.today) or _until_now(telling, number):
        return RoledDate(None, mention, 0.5, "no cue")
    fact = _fact(telling, number, claim.event)
    return _unless_ahead(telling, number, fact, _confidence(claim), claim.event.kind.name)


def _whole_year(mention: DateMention, today: date) -> bool:
    """Whether a mention says no more than "this year"."""
    if mention.earliest is None or mention.latest is None:
        return False
    return (mention.latest - mention.earliest).days > _LONG_SPAN_DAYS and mention.latest >= today


def _until_now(telling: Telling, number: int) -> bool:
    """ "Until today nobody has answered"."""
    place = telling.story.dates[number]
    before = telling.story.tokens[place - 1].kind if place else ""
    claim = telling.claims.get(number)
    if claim and claim.event.kind.tells in ("changed", "ending", "ended"):
        return False
    return before in ("but_until", "as_of") and telling.seen[number].mention.earliest == telling.today


def _unless_ahead(telling: Telling, number: int, fact: str | None, confidence: float, rule: str) -> RoledDate:
    """The date with its fact, unless the day is yet to come and the fact is one that must have happened.

    A future day with its full year stays as it was said: it is a contradiction for others to notice.
    """
    sighting = telling.seen[number]
    mention = sighting.mention
    if fact in patterns("date_roles")["may_lie_ahead"]:
        turned = turned_ahead(sighting, telling.today, rule == ASKED)
        return RoledDate(fact, turned, confidence, rule)
    if fact and _is_ahead(telling, number) and (not sighting.full_year or sighting.lean == "future"):
        return RoledDate(None, mention, 0.7, "has not happened")
    return RoledDate(fact, mention, confidence, rule)


def _answers(telling: Telling, number: int) -> bool:
    """Whether a date answers the question asked: it has no cue of its own, or only a weak or far one."""
    claim = telling.claims.get(number)
    if claim is None or claim.far:
        return True
    if claim.event.kind.tells in ("vague", "sent"):
        return all(other in telling.claims or other in telling.replaced for other in range(len(telling.seen)))
    weak = claim.event.kind.weak
    ahead = telling.expecting in patterns("date_roles")["may_lie_ahead"]
    return weak == "yes" or (weak == "ahead" and ahead) or claim.strength < _FAINT


def _confidence(claim: Claim) -> float:
    return round(min(0.97, 0.55 + 0.04 * claim.strength), 2)


def _asked_confidence(mention: DateMention) -> float:
    return 0.95 if mention.precision == "exact" else 0.85


def _fact(telling: Telling, number: int, event: Event) -> str | None:
    facts: dict[str, Any] = patterns("date_roles")["facts"]
    tells = event.kind.tells
    if tells in patterns("date_roles")["when_ahead"] and _is_ahead(telling, number):
        tells = patterns("date_roles")["when_ahead"][tells]
    if tells == "begun" and _is_ahead(telling, number) and _cuts_before(telling.story, event):
        tells = "changed"
    if tells == "sent":
        tells = _thing_sent(telling.story, event)
    if tells == "ending" and _in_care(telling.story, number):
        tells = "ended"
    if tells == "filed" and _to_the_group(telling.story, event):
        tells = "group"
    fact = facts[tells][_about(telling, number, event)] if tells in facts else NOTHING
    return None if fact == NOTHING else fact


def _to_the_group(story: Story, event: Event) -> bool:
    """Whether "I appealed to them" means the medical group: the last one spoken of, the plan or the group."""
    start, end = event.first, min(event.last + 3, len(story.tokens))
    if all(token.text != "them" for token in story.tokens[start:end]):
        return False
    for place in range(start - 1, -1, -1):
        token, before = story.tokens[place], story.tokens[max(place - 2, 0) : place]
        if token.kind == "group" or (token.kind == "plan" and token.text not in _THEY and not _has_not(before)):
            return token.kind == "group"
    return False


def _has_not(tokens: list[Token]) -> bool:
    return any(token.kind in ("will_not", "not_done") for token in tokens)


def _cuts_before(story: Story, event: Event) -> bool:
    """Whether the story has come to care that is cut or ends."""
    kinds = patterns("date_roles")["begins_after"]
    return any(token.kind in kinds for token in story.tokens[: event.first])


def _thing_sent(story: Story, event: Event) -> str:
    """What is told by "I sent it": the last appeal or request that was spoken of says what it is."""
    things = patterns("date_roles")["sent_by_thing"]
    return next(
        (things[token.kind] for token in reversed(story.tokens[: event.first]) if token.kind in things), NOTHING
    )


def _is_ahead(telling: Telling, number: int) -> bool:
    mention = telling.seen[number].mention
    return mention.earliest is not None and mention.earliest > telling.today


def _in_care(story: Story, number: int) -> bool:
    """Whether the story is of someone in a facility, or the sentence of care given day by day: that is what ends."""
    if any(token.kind == "stay" for token in story.tokens) or any(one.kind.name == "in care" for one in story.events):
        return True
    return any(token.kind in ("hospital", "course", "nurse") for token in story.sentence(story.dates[number]))


def _about(telling: Telling, number: int, event: Event) -> str:
    """Which decision an event is about: what it says itself, else what the story has come to."""
    place = telling.story.dates[number]
    tokens = telling.story.tokens
    beside = [*tokens[max(min(event.first, place) - 3, 0) : event.first], *tokens[event.last : place]]
    if any(_is_the_first(token) for token in beside):
        return "first"
    if event.kind.about:
        return "first" if _answers_the_request(telling.story, event) else event.kind.about
    if any(_is_the_first(token) for token in tokens[event.first : event.last]):
        return "first"
    about = _about_the_answer(telling, event) or _asked_about(telling.expecting)
    for other in telling.story.events:
        if other.first < event.first or _told_as_before(telling.story, event, other):
            about = _next_about(telling, other, about)
    if about == "grievance" and (_before_filing(telling, number) or _before_answer(telling, number, event)):
        return "first"
    kinds = [token.kind for token in tokens[event.first : event.last]]
    return "grievance" if about == "first" and "answer" in kinds and _after_filing(telling, number) else about


def _answers_the_request(story: Story, event: Event) -> bool:
    """Whether an "answer letter" answers what the doctor asked for: the story tells of that, and of no appeal."""
    if all(not token.text.endswith(_ANSWER_LETTER) for token in story.tokens[event.first : event.last]):
        return False
    told = {other.kind.tells for other in story.events if other.first < event.first}
    return "requested" in told and "filed" not in told


def _is_the_first(token: Token) -> bool:
    """ "First", or a denial that is called the first or the original one."""
    return token.kind == "first" or (token.kind == "denial" and token.text.startswith(_FIRST))


def _asked_about(expecting: str | None) -> str:
    asked = patterns("date_roles")["asked_about"]
    return next((about for about, facts in asked.items() if expecting in facts), "first")


def _about_the_answer(telling: Telling, event: Event) -> str | None:
    """What the only date of an answer is about, unless it is called the date of the denial."""
    kinds = {token.kind for token in telling.story.tokens[event.first : event.last]}
    only = len(telling.seen) == 1 and ("denial" not in kinds or "again" in kinds)
    return telling.about if only else None


def _told_as_before(story: Story, event: Event, other: Event) -> bool:
    """ "They denied me on Nov 2 after I filed": what follows "after" had happened before."""
    if other.first <= event.last or not story.together(event.first, other.first):
        return False
    return any(
        token.kind in ("after", "when") for token in story.tokens[max(other.first - 3, event.last) : other.first + 1]
    )


def _next_about(telling: Telling, event: Event, about: str) -> str:
    """What the story is about once an event has been told."""
    if event.kind.about:
        return event.kind.about
    if about != "first":
        return about
    appealed = event.kind.tells == "decided" or (event.kind.tells == "filed" and _done(telling, event))
    return "grievance" if appealed else about


def _done(telling: Telling, event: Event) -> bool:
    """Whether a grievance has been filed, rather than only being thought of."""
    if all(token.kind != "file_now" for token in telling.story.tokens[event.first : event.last]):
        return True
    mention = _day_of(telling, event)
    return mention is not None and mention.earliest is not None and mention.earliest <= telling.today


def _day_of(telling: Telling, event: Event) -> DateMention | None:
    return next(
        (telling.seen[number].mention for number, claim in telling.claims.items() if claim.event == event), None
    )


def _filing_days(telling: Telling) -> Iterator[date]:
    """The days on which the story says that a grievance went in."""
    for event in telling.story.events:
        filed = _day_of(telling, event) if event.kind.tells == "filed" else None
        if filed and filed.earliest:
            yield filed.earliest


def _before_filing(telling: Telling, number: int) -> bool:
    """Whether a date lies before the day on which the grievance went in: then it is about the first denial."""
    latest = telling.seen[number].mention.latest
    return latest is not None and any(latest < filed for filed in _filing_days(telling))


def _after_filing(telling: Telling, number: int) -> bool:
    """Whether a date lies after the day on which the grievance went in, told before or later."""
    earliest = telling.seen[number].mention.earliest
    return earliest is not None and any(earliest > filed for filed in _filing_days(telling))


def _before_answer(telling: Telling, number: int, event: Event) -> bool:
    """Whether a denial lies before the answer to the grievance: "answered July 2; the denial was in April"."""
    latest = telling.seen[number].mention.latest
    if latest is None or all(token.kind != "denial" for token in telling.story.tokens[event.first : event.last]):
        return False
    answers = (_day_of(telling, other) for other in telling.story.events if other.kind.about == "grievance")
    return any(answer is not None and answer.earliest is not None and latest < answer.earliest for answer in answers)


def _settled(telling: Telling, told: list[RoledDate]) -> list[RoledDate]:
    """What is told, without repetitions; of two days for one fact a correcting later one takes the first back."""
    kept: dict[int, RoledDate] = {}
    for number, one in enumerate(told):
        rivals = [other for other, before in kept.items() if one.fact and before.fact == one.fact]
        if any(_same_days(kept[other].mention, one.mention) or _vaguer(one, kept[other]) for other in rivals):
            continue
        for other in [other for other in rivals if _vaguer(kept[other], one)]:
            rivals.remove(other)
            del kept[other]
        if one.fact is None and (wrong := _put_right(telling, kept, number)) is not None:
            one = RoledDate(kept[wrong].fact, one.mention, 0.8, kept[wrong].rule)
            kept[wrong] = RoledDate(None, kept[wrong].mention, 0.9, TAKEN_BACK)
        for other in rivals:
            if _not_so(telling, other) or corrects(telling.story, other, number):
                kept[other] = RoledDate(None, kept[other].mention, 0.9, TAKEN_BACK)
        kept[number] = one
    return list(kept.values())


def _put_right(telling: Telling, kept: dict[int, RoledDate], number: int) -> int | None:
    """The date before that a day without a cue of its own puts right ("I told you that I filed in May. My copy
    says June 3.")."""
    before = max(kept, default=None)
    if before is None or kept[before].fact is None or number in telling.replaced or not _has_no_cue(telling, number):
        return None
    between = telling.story.tokens[telling.story.dates[before] + 1 : telling.story.dates[number]]
    return before if len(between) <= _FURTHEST_RIGHT and only_reported(telling.story, before) else None


def _has_no_cue(telling: Telling, number: int) -> bool:
    claim = telling.claims.get(number)
    return claim is None or claim.far or claim.event.kind.tells in ("vague", "sent")


def _not_so(telling: Telling, number: int) -> bool:
    """Whether what a date tells is denied: "I did not file it on the 30th, I filed it on the 20th"."""
    claim = telling.claims.get(number)
    if claim is None:
        return False
    before = telling.story.tokens[max(claim.event.first - 4, 0) : claim.event.first + 2]
    return claim.event.first < telling.story.dates[number] and any(token.kind == "not_done" for token in before)


def _vaguer(vague: RoledDate, sure: RoledDate) -> bool:
    """ "Three weeks later they said no, in a letter of September 14": an interval that holds the day itself."""
    if vague.mention.precision != "approximate" or sure.mention.precision != "exact":
        return False
    return sure.mention.earliest is not None and _holds(vague.mention, sure.mention.earliest)


def _same_days(one: DateMention, other: DateMention) -> bool:
    return (one.earliest, one.latest) == (other.earliest, other.latest)
