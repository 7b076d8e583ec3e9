"""What identifiers look like: patterns whose group `it` is the identifier, and a second look at what they found.

The words that identifiers are told by are in `identifiers.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from records.reach import MAIL, PHONE, is_of_the_law

Kind = Literal["email", "ssn", "card", "birth", "phone", "address", "member"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Match = re.Match[str]
Check = Callable[[Match], bool]
Looks = Iterator[tuple[str, Check]]
WORDS_FILE = Path(__file__).parent / "identifiers.yml"
TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
FEWEST_DIGITS = 5
FEWEST_DIGITS_UNTOLD = 8
LONGEST_CODE_WORD = 14
LONGEST_EVENT = 30
NUMERIC_DAY = r"(?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}\s\d{1,2}\s\d{4})"
VALUE = (
    r"(?:[A-Z]{1,4}(?:[-/_]|\s{0,3})|[A-Z]{5,9}-|(?:[A-Z]{2,5}-){2,3})?\d[A-Z0-9]*"
    r"(?:(?:[-/_]|\s{1,3})(?=[A-Z]{0,3}-?\d|[A-Z]\s\d)[A-Z0-9]+){0,9}(?:-[A-Z]{1,2}\b)?"
)
ENDED = r"(?=[\W\d_]|$)"
LONG_AGO = r"(?:19\d\d|200[0-5])"
YEAR_IN_WORDS = (
    r"(?:nineteen|two\s+thousand)\s+(?:and\s+)?\w+(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?"
)
IS = r"(?:'?s)?(?:\s*(?:is|es|was|are|of|de|for|it'?s|:|=|#|-|–|,|\()){0,3}\s*"


@cache
def _words() -> dict[str, Any]:
    said = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return {name: "|".join(one) if isinstance(one, list) else one for name, one in said.items()}


def _always(_: Match) -> bool:
    return True


def _emails(_: dict[str, str]) -> Looks:
    yield f"(?P<it>{MAIL.pattern})", _always
    at, dot = r"\s?[(\[]?\b(?:at|arroba)\b[)\]]?\s?", r"\s?[(\[]?\b(?:dot|punto)\b[)\]]?\s?"
    yield rf"(?P<it>\b[\w.+-]{{1,64}}{at}[\w-]+{dot}(?:com|org|net|edu|gov)\b)", _always
    yield r"(?P<it>\b[\w.+-]{1,64}\s?[(\[]at[)\]]\s?[\w-]+\.(?:com|org|net|edu|gov)\b)", _always


def _ssns(words: dict[str, str]) -> Looks:
    social, gap = words["social"], r"[\s.–—-]{0,3}"
    digits = rf"\d{{3}}{gap}\d{{2}}{gap}\d{{4}}"
    yield rf"{social}\b{_number_words(words)}{IS}(?P<it>{digits})\b", _always
    yield r"(?P<it>(?<![\w-])\d{3}[-.–—]\s?\d{2}[-.–—]\s?\d{4})(?![\w-])", _always
    yield r"(?P<it>(?<![\w-])\d{3} \d{2} \d{4})(?![\w-])", _always
    yield rf"(?P<it>(?<![\w-])\d{{9}}){IS}(?:my\s+)?{social}\b", _always
    last = r"(?:last|ultimos)\s+(?:four|4)"
    yield rf"{last}\s+(?:digits\s+)?(?:of\s+)?(?:my\s+|the\s+)?{social}\b[^.\d]{{0,15}}(?P<it>\d{{4}})\b", _always
    yield rf"\b(?:last|final|end|ultimos)\b[^.\d]{{0,30}}{social}\b\W{{0,5}}(?P<it>\d{{4}})\b", _always
    yield rf"{social}\b[^.\d]{{0,60}}\.?[^.\d]{{0,15}}\bends?\s+(?:in|with)\s+(?P<it>\d{{4}})\b", _always
    yield (
        rf"\b{last}\b(?:\s+(?:digits|numbers))?\W{{0,3}}(?:i|we|he|she)\s+(?:said|gave|told\s+them)\s+(?P<it>\d{{4}})\b",
        _always,
    )
    yield (
        rf"(?P<it>(?<![\w-])\d{{4}})\W{{1,3}}(?:the\s+)?{last}\s+(?:digits\s+)?(?:of\s+)?(?:my\s+)?{social}",
        _always,
    )
    yield rf"{last}(?:\s+(?:digits|numbers))?\W{{0,5}}(?P<it>\d{{4}})\b[^.\d]{{0,20}}{social}", _always
    yield r"(?<!\w)(?P<it>[x*#•]{3}[\s-]?[x*#•]{2}[\s-]?\d{4})(?!\w)", _always
    yield rf"(?P<it>{_spelled(words, 9)})", _always
    number = rf"(?:{words['digit_words']}|{words['number_words']})"
    yield rf"{social}\b(?:\s+number)?{IS}(?P<it>{number}(?:[\s,.-]+{number}){{3,10}})\b", _always
    yield rf"{social}\b[^.\d]{{0,25}}(?:{last}|ends?\s+in|ending)\s*(?:are|is|in)?\s*(?P<it>\d{{4}})\b", _always


def _spelled(words: dict[str, str], digits: int) -> str:
    """So many digits in words, as dictation writes them: "five four one, seven three, two two oh nine"."""
    one = rf"(?:{words['digit_words']})"
    return rf"(?<![\w-])\b{one}(?:[\s,.-]+{one}){{{digits - 1}}}\b(?![\s,.-]+{one}\b)"


def _cards(_: dict[str, str]) -> Looks:
    yield r"(?<![\w-])(?P<it>\d(?:[ -]?\d){12,18})(?![\w-])", lambda match: _is_card(match["it"])


def _is_card(text: str) -> bool:
    """Whether the digits are those of a payment card (ISO/IEC 7812: the last one checks the others)."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and digits[0] in (2, 3, 4, 5, 6)


def _births(words: dict[str, str]) -> Looks:
    month, nth = words["months"], r"\d{1,2}(?:st|nd|rd|th)?"
    named = rf"{month}\.?\s+(?:the\s+)?{nth},?\s*(?:of\s+)?\d{{2,4}}"
    turned = rf"{nth}\s+(?:of\s+|de\s+)?{month}\.?,?\s*(?:of\s+|de\s+|del\s+)?\d{{4}}"
    in_words = rf"{month}\s+(?:the\s+)?(?:{words['ordinal_words']}),?\s+(?:of\s+)?{YEAR_IN_WORDS}"
    day = rf"(?:{NUMERIC_DAY}|{named}|{turned}|{in_words}|{_day_with_month_between(month)})"
    # Nobody's letter is of last century: a whole date of then is a birthday, also without the word.
    yield rf"(?<![\w/-])(?P<it>{_long_ago(month)})(?![\w/]|-\d)", _is_no_event
    yield (
        r"(?<![\w/.-])(?P<it>(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/[3-9]\d)(?![\w/%]|[.-]\d)",
        _is_no_event,
    )
    yield rf"\bturned\s+\d{{1,3}}\W{{1,3}}(?:on\s+)?(?P<it>{day})", _always
    yield (
        rf"\b(?:{words['born']}){ENDED}[^.\d]{{0,25}}\b(?:it'?s|is|should\s+be)\s+(?P<it>{NUMERIC_DAY})(?!\d)",
        _always,
    )
    ordinal = rf"(?:the\s+)?(?:{words['ordinal_words']})\s+of\s+{month}"
    yield rf"(?P<it>{ordinal},?\s+{YEAR_IN_WORDS})\b", _always
    yield rf"\b(?P<it>{in_words})\b", _always
    born = rf"\b(?:{words['born']})"
    between = rf"(?:'s)?[\s:=,#(-]*(?:{words['born_of']}[\s:=,-]+){{0,4}}(?:{words['weekdays']},?\s+)?(?:the\s+)?"
    yield rf"{born}{ENDED}\.?{between}(?P<it>{day}|\d{{6}}|\d{{8}})(?!\d)", _always
    whose = r"(?:(?:my|his|her|the|mi|su|our)\s+)?(?:(?:son'?s|mom'?s|dad'?s)\s+)?(?:when\s+\w+\s+was\s+)?"
    own_day = rf"(?!{ENDED}\.?{between}(?:{day}|\[))"  # "letter of 10/5, DOB 1/2/70": the word belongs to the second
    yield rf"(?<![\w/-])(?P<it>{day})\)?[\s,(-]+(?:(?:is|was|es|being)\s+)?{whose}{born}\b{own_day}", _always


def _is_no_event(match: Match) -> bool:
    """Whether nothing before a day of long ago says that something else than a birth was then."""
    before = match.string[max(0, match.start("it") - LONGEST_EVENT) : match.start("it")]
    return not re.search(rf"\b(?:{_words()['events']})\b[^.;]*$", before, re.IGNORECASE)


def _long_ago(month: str) -> str:
    nth, sign = r"\d{1,2}(?:st|nd|rd|th)?", r"\s?[/.-]\s?"
    numeric = rf"\d{{1,2}}{sign}\d{{1,2}}{sign}{LONG_AGO}|{LONG_AGO}[/.-]\d{{1,2}}[/.-]\d{{1,2}}"
    named = rf"{month}\.?\s+(?:the\s+)?{nth},?\s+(?:of\s+|de\s+)?{LONG_AGO}"
    turned = rf"{nth}[\s/-]+(?:of\s+|de\s+)?{month}\.?,?[\s/-]+(?:of\s+|de\s+|del\s+)?{LONG_AGO}"
    between = rf"\d{{1,2}}[-\s/](?:{month}|ene|abr|ago|dic)[-\s/]{LONG_AGO}"
    return rf"(?:{numeric}|{named}|{turned}|{between})"


def _day_with_month_between(month: str) -> str:
    return rf"\d{{1,2}}[-\s]?(?:{month}|ene|abr|ago|dic)[-\s,]?\d{{2,4}}"


def _phones(words: dict[str, str]) -> Looks:
    yield f"(?P<it>{PHONE.pattern})", lambda match: not _is_public(match["it"])
    yield r"(?<![\w/])(?P<it>\d{3}/\d{3}/\d{4})(?![\w/])", _always
    yield rf"(?P<it>{_spelled(words, 10)})", _always
    yield rf"(?P<it>{_spelled(words, 11)})", _always
    yield rf"\b{words['phoned']}\b[\w\s:'#]{{0,14}}?\s(?P<it>{_spelled(words, 7)})", _always
    yield rf"\b{words['phoned']}\b[\w\s:'#]{{0,14}}?\s(?P<it>\d{{3}}[-.\s]\d{{4}})(?![\w-])", _always


def _is_public(number: str) -> bool:
    """A number of an agency of the law, or one that is free to call: a plan's, not a person's."""
    digits = re.sub(r"\D", "", number).removeprefix("1")
    return is_of_the_law(number) or digits[:3] in TOLL_FREE


def _addresses(words: dict[str, str]) -> Looks:
    word = rf"(?!(?:{words['never_in_streets']})\b)[\w'’.-]+"
    unit = rf"(?:[\s,]+(?:{words['units']}\.?\s*#?\s*[\w-]+|#\s?[\w-]+))?"
    zip_code = r"9\d{4}(?:-\d{4})?\b"  # California's begin with a 9
    state = rf"(?:CA|Calif\.?|California)\b\.?(?:,?\s*{zip_code})?"
    city = rf"(?:[\s,]+(?:[A-Z][\w.']+[\s,]+){{0,3}}(?:{state}|{zip_code}))?"
    number = r"(?<![\w$.,/:-])\d{1,6}(?:-?[A-D]|\s1/2|-\d{1,4})?"
    street = rf"(?:{word}\s+){{1,3}}?(?:{words['streets']})\b\.?"
    first = rf"{words['streets_first']}(?:\s+{word}){{1,2}}"
    yield rf"(?P<it>{number}\s+(?:{street}|{first}|broadway\b){unit}{city})", _always
    said = rf"(?:(?:{words['number_words']})\s+){{2,4}}"
    yield rf"\b(?P<it>{said}(?:{street}|{first}){unit}{city})", _always
    box = r"(?:p\.?\s*o\.?|post\s+office)\s*box|apartado(?:\s+postal)?|(?:r\.?r\.?|rural\s+route|hc)\s*#?\d+,?\s*box"
    yield rf"(?P<it>\b(?:{box})\s+#?\d+{city})", _always


def _told_members(words: dict[str, str]) -> Looks:
    told = words["numbered"]
    letter = "[AC-HJKMNP-RT-Y]"  # a Medicare number has no S, L, O, I, B and Z (CMS, "Understanding the MBI")
    mbi = rf"[1-9]{letter}(?:{letter}|\d)\d[\s-]?{letter}(?:{letter}|\d)\d[\s-]?{letter}{{2}}\d{{2}}"
    yield rf"(?<![\w-])(?P<it>{mbi})(?![\w-])", _always
    label = rf"\b(?:{told}){ENDED}\.?(?:[\s/-]+(?:{told}){ENDED}\.?){{0,2}}{_number_words(words)}{IS}"
    yield rf"{label}(?:my\s+|the\s+)?(?P<it>{VALUE})(?![\w$%])", _names_somebody
    # Run together with the word for it, as a broken key does.
    yield r"(?:id|number|no)(?P<it>(?-i:[A-Z]{2,4})\d{6,})(?=(?-i:[a-z])|\W|$)", _always
    whose = r"(?:my|the|our|his|her|their|mi)\s+(?:\w+\s+)?"
    yield (
        rf"(?<![\w$.,/-])(?P<it>{VALUE})(?:\)?,?\s{{1,3}}(?:(?:is|was|es|as|for)\s+{whose}|under\s+(?:{whose})?)|\s{{0,3}}\((?:my\s+)?)(?:{told})\b",
        _names_somebody,
    )


def _untold_members(_: dict[str, str]) -> Looks:
    lettered = r"(?=[A-Z0-9-]*[A-Z])[A-Z]{0,4}-?\d[A-Z0-9-]{6,19}"
    yield rf"(?<![\w$.,/-])(?P<it>{lettered})(?![\w-])", _is_untold
    yield r"(?<![\w$.,/:-])(?P<it>\d(?:[-\s]?\d){7,19})(?![\w%]|[.,/]\d)", _is_untold


def _number_words(words: dict[str, str]) -> str:
    return rf"(?:[\s-]*(?:\b{words['numbering']}(?:\b|(?<=[#°º]))\.?|#)){{0,3}}"


def _names_somebody(match: Match) -> bool:
    found = match["it"]
    enough = FEWEST_DIGITS - any(one.isalpha() for one in found) - _is_written_as_one(match)
    if _digits(found) < enough or _begins_with_a_word(match) or _is_code_or_sum(match):
        return False
    return _names_no_other_thing(match)


def _is_written_as_one(match: Match) -> bool:
    """Whether capitals and digits stand behind "no.:" or "#": "GROUP NO: CB120A"."""
    told = match.string[match.start() : match.start("it")]
    return bool(re.search(r"(?:no|nbr|number|id|#)\.?\s*[:#]\s*$", told, re.IGNORECASE)) and any(
        one.isupper() for one in match["it"]
    )


def _is_code_or_sum(match: Match) -> bool:
    """Whether it may be a code of care or a sum: "auth for 97153", "a claim for 12500 dollars"."""
    told = match.string[match.start() : match.start("it")]
    is_numbered = re.search(rf"[:#=]|\b(?:{_words()['numbering']}|is|es)\b", told, re.IGNORECASE)
    is_code = re.fullmatch(r"\d{5}|[A-Z]\d{4}", match["it"], re.IGNORECASE) and not is_numbered
    is_sum = re.match(r"\s?(?:dollars|usd|bucks|dolares|dólares)\b", match.string[match.end("it") :], re.IGNORECASE)
    return bool(is_code or is_sum)


def _begins_with_a_word(match: Match) -> bool:
    """Whether letters apart from the number are a word of the sentence ("claim paid 12500") and no part of it."""
    apart = re.match(r"([A-Z]+)\s", match["it"], re.IGNORECASE)
    before = match.string[: match.start("it")].rstrip(" ")
    return apart is not None and not apart[1].isupper() and before[-1:] not in (":", "#", "=")


def _is_untold(match: Match) -> bool:
    """Whether a long number without a word for what it is names somebody."""
    found = match["it"]
    enough = FEWEST_DIGITS_UNTOLD - 2 * any(one.isalpha() for one in found)
    is_code = re.fullmatch(r"\d{5}-\d{4,5}|\d{5}(?:-\d{2}){1,4}", found)  # a ZIP code, a span, a code with modifiers
    return _digits(found) >= enough and not is_code and _names_no_other_thing(match)


def _names_no_other_thing(match: Match) -> bool:
    found = match["it"]
    first_digit = match.start("it") + next(place for place, one in enumerate(found) if one.isdigit())
    before = match.string[max(0, first_digit - LONGEST_CODE_WORD) : first_digit]
    if re.search(rf"\b(?:{_words()['coded']})[\s:#.]*$", before, re.IGNORECASE):
        return False
    is_span_of_years = re.fullmatch(r"(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d", found)
    is_other = is_span_of_years or re.fullmatch(r"\d{5}(?:\s\d{5})+", found)
    return not (_is_day(found) or _is_public_number(found) or is_other)


def _is_public_number(found: str) -> bool:
    return re.fullmatch(r"1?[\s-]?\d{3}[\s-]?\d{3}[\s-]?\d{4}", found) is not None and _is_public(found)


def _is_day(found: str) -> bool:
    """Whether it reads as a day, or as two of them."""
    if re.match(r"\d{4}-\d\d-\d\dT", found, re.IGNORECASE):
        return True
    if re.fullmatch(_day_with_month_between(_words()["months"]), found, re.IGNORECASE):
        return True
    if re.fullmatch(rf"(?:[A-Z]+\s)?{NUMERIC_DAY}(?:\s*-?\s*{NUMERIC_DAY})?", found, re.IGNORECASE):
        return True
    return found.isdigit() and len(found) == 8 and any(_is_real_day(*part) for part in _parts(found))


def _parts(eight: str) -> tuple[tuple[str, str, str], ...]:
    """Year, month and day in eight digits, by either way to write them."""
    return (eight[:4], eight[4:6], eight[6:]), (eight[4:], eight[:2], eight[2:4])


def _is_real_day(year: str, month: str, day: str) -> bool:
    try:
        return 1900 < date(int(year), int(month), int(day)).year < 2100
    except ValueError:
        return False


def _digits(text: str) -> int:
    return sum(one.isdigit() for one in text)


# A number that was told as a member's is one, though it may look like a phone number.
LOOKS: tuple[tuple[Kind, Callable[[dict[str, str]], Looks]], ...] = (
    ("email", _emails),
    ("ssn", _ssns),
    ("card", _cards),
    ("birth", _births),
    ("member", _told_members),
    ("phone", _phones),
    ("address", _addresses),
    ("member", _untold_members),
)


@cache
def looks() -> tuple[tuple[Kind, re.Pattern[str], Check], ...]:
    words = _words()
    return tuple((kind, re.compile(one, re.IGNORECASE), check) for kind, look in LOOKS for one, check in look(words))
