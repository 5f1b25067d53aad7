"""The one masking rule: identity numbers show the first 3 and last 2, phones the first 3 and last 4, names the first.

Everything outside a deliberate, logged reveal goes through here: letters, pages, logs, error texts. In free text the
rule goes by shape, not by validity, for a mistyped number gives its owner away as well as a right one: every row of 15
to 20 digits, every mobile number with a digit too many or too few. Longer rows are order numbers and stay readable,
save where an identity number or phones stick in them; so do dates, hotlines and short numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from mailbot.domain import identity, phone
from mailbot.domain.chars import clean

_GAP: Final = r"[ \t\r\n\u00a0\u3000\-\u2010-\u2015\u2212\uff0d._·/()（）\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]"
_RUN: Final = re.compile(rf"\d(?:{_GAP}{{0,3}}\d)*(?:{_GAP}{{0,3}}[xXｘＸ](?![A-Za-z]))?")
_UNSEEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]*")
_DATE: Final = re.compile(r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)")
_MOBILE_LIKE: Final = re.compile(r"(0?0?86|0)?1[3-9][0-9]{8,10}")
_ID_LIKE: Final = range(15, 21)
_ID_LENGTH: Final = 18
_BORN: Final = re.compile(r"(?:19[0-9]{2}|20[01][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_BORN_SHORT: Final = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")

Group = tuple[int, int]
"""Where a row of digits without gaps begins and ends among the digits of a run."""
Reading = Callable[[str, int], int | None]


@dataclass(frozen=True, slots=True)
class _Span:
    """Digits from `start` to `end` of a run, of which the first 3 and the last `tail` are shown."""

    start: int
    end: int
    tail: int


def mask_id(text: str) -> str:
    """An identity or document number: first 3 and last 2; a short or broken one shows a third of itself at most."""
    number = identity.normalise(text).text
    return _masked(number, min(3, len(number) // 5), min(2, len(number) // 7))


def mask_phone(text: str) -> str:
    """A phone number: first 3 and last 4; one of less than 11 characters shows half of itself at most."""
    number = phone.normalise(text).text
    shown = len(number) // 4
    return _masked(number, 3, 4) if len(number) >= 11 else _masked(number, shown, shown)


def mask_name(text: str) -> str:
    """A name: its first character, and a star for each other one up to three. A single character is a star."""
    name = clean(text).text
    return name[:1] + "*" * min(3, len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_order(text: str) -> str:
    """An order number: readable, whatever its length, unless it is a person's number that stands in its place."""
    number = identity.normalise(text).text
    dated = len(number) == _ID_LENGTH and identity.birth_date(number) is not None
    return mask_text(text) if dated or phone.is_mobile(phone.normalise(text).text) else text


def _masked(text: str, head: int, tail: int) -> str:
    end = len(text) - tail
    return text[:head] + "*" * (end - head) + text[end:]


def mask_text(text: str) -> str:
    """Free text with every number masked that is, or is meant to be, an identity number or a mobile phone.

    Digits of any script and width count; spaces, dashes, dots and invisible characters between them do not help.
    """
    return _RUN.sub(lambda run: _mask_run(run[0]), text)


def _mask_run(run: str) -> str:
    """One run of digits with gaps: the digits to hide become stars, the gaps stay."""
    places = [place for place, char in enumerate(run) if char.isdecimal() or char in "xXｘＸ"]
    if len(places) < 10:
        return run
    digits = "".join(_digit(run[place]) for place in places)
    out = list(run)
    for span in _spans(digits, _groups(run, places), _dates(run, places)):
        for number in range(span.start + 3, span.end - span.tail):
            out[places[number]] = "*"
    return "".join(out)


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char, "X"))


def _groups(run: str, places: list[int]) -> list[Group]:
    """The rows of digits that the eye sees as one, as (start, end) among the digits of the run."""
    inner = range(1, len(places))
    starts = [0, *(at for at in inner if not _UNSEEN.fullmatch(run, places[at - 1] + 1, places[at]))]
    return list(zip(starts, [*starts[1:], len(places)], strict=True))


def _dates(run: str, places: list[int]) -> set[int]:
    """The digits of the run that belong to a date as people write it."""
    number_at = {place: number for number, place in enumerate(places)}
    covered = (place for found in _DATE.finditer(run) for place in range(*found.span()))
    return {number_at[place] for place in covered if place in number_at}


def _spans(digits: str, groups: list[Group], dates: set[int]) -> Iterator[_Span]:
    """What to hide, best reading first: identity numbers in pieces, numbers in one piece, phones in pieces, and rows of
    pieces that have an identity number's length and no better reading."""
    taken: set[int] = set()

    def free() -> list[Group]:
        return [group for group in groups if group[0] not in taken]

    def take(spans: list[_Span]) -> list[_Span]:
        for span in spans:
            taken.update(range(span.start, span.end))
        return spans

    yield from take(list(_across(digits, groups, _id_in_pieces)))
    yield from take([_moved(span, group[0]) for group in free() for span in _within(digits[slice(*group)])])
    yield from take(list(_across(digits, free(), _phone_in_pieces)))
    taken |= dates
    yield from _leftover(free())


def _moved(span: _Span, by: int) -> _Span:
    return _Span(span.start + by, span.end + by, span.tail)


def _leftover(groups: list[Group]) -> Iterator[_Span]:
    start = 0
    for number, (_, end) in enumerate(groups):
        if number + 1 < len(groups) and groups[number + 1][0] == end:
            continue
        if number > start and end - groups[start][0] in _ID_LIKE:
            yield _Span(groups[start][0], end, 2)
        start = number + 1


def _within(digits: str) -> Iterator[_Span]:
    """The numbers to hide in one unbroken row of digits."""
    size = len(digits)
    mobile = _MOBILE_LIKE.fullmatch(digits)
    if mobile:
        yield _Span(mobile.end(1) if mobile[1] else 0, size, 4)
    elif size in _ID_LIKE:
        yield _Span(0, size, 2)
    elif size > _ID_LIKE[-1]:
        yield from _stuck(digits)


def _stuck(digits: str) -> Iterator[_Span]:
    """Identity numbers and phones that stick together or to something else in a long row of digits."""
    if len(digits) % 11 == 0 and all(phone.is_mobile(digits[at : at + 11]) for at in range(0, len(digits), 11)):
        yield from (_Span(at, at + 11, 4) for at in range(0, len(digits), 11))
        return
    at = left = 0
    found = False
    while at + 18 <= len(digits):
        if _looks_like_id(digits[at : at + 18]):
            yield from _rest(left, at)
            yield _Span(at, at + 18, 2)
            at = left = at + 18
            found = True
        else:
            at += 1
    if found:
        yield from _rest(left, len(digits))


def _rest(start: int, end: int) -> Iterator[_Span]:
    """What is left beside an identity number: a phone as a rule."""
    if end - start in range(7, 15):
        yield _Span(start, end, 4 if end - start >= 10 else 0)


def _across(digits: str, groups: list[Group], reading: Reading) -> Iterator[_Span]:
    """Numbers written in pieces: neighbouring groups that together have the shape of one."""
    first = 0
    while first < len(groups):
        span, first = _from_group(digits, groups, first, reading)
        if span is not None:
            yield span


def _from_group(digits: str, groups: list[Group], first: int, reading: Reading) -> tuple[_Span | None, int]:
    """The longest number that begins with a group, and the group to go on with."""
    start, head = groups[first]
    best: tuple[_Span | None, int] = (None, first + 1)
    for last in range(first + 1, len(groups)):
        end = groups[last][1]
        if groups[last][0] != groups[last - 1][1] or end - start > _ID_LIKE[-1]:
            break
        tail = reading(digits[start:end], head - start)
        if tail is not None:
            best = (_Span(start, end, tail), last + 1)
    return best


def _id_in_pieces(digits: str, head: int) -> int | None:
    """How many digits to show at the end, `None` for no identity number. `head` is the length of the first piece."""
    del head
    return 2 if _looks_like_id(digits) else None


def _phone_in_pieces(digits: str, head: int) -> int | None:
    """As above for a phone, whose first piece has three digits or more: a day or a month begins none."""
    return 4 if head >= 3 and phone.is_mobile(digits) else None


def _looks_like_id(digits: str) -> bool:
    """Whether digits begin like an identity number, old or new, whole or with a few digits lost or too many."""
    if len(digits) not in _ID_LIKE or digits[:2] not in identity.PROVINCES:
        return False
    return _BORN.match(digits, 6) is not None or (len(digits) == 15 and _BORN_SHORT.match(digits, 6) is not None)
