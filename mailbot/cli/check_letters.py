"""Every section of every letter rendered strictly, on invented cases: a broken template is found before a sender waits.

A section is reached as in real life, through the composer: cases are tried until one makes the letter tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

from mailbot.assembly import SiteFacts, composer_of
from mailbot.cli.checked import Fact, bad, good, warn
from mailbot.domain.decisions import RowStatus
from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.intents import ASKS_STATUS, ASKS_WHICH
from mailbot.domain.letters import MORE, CaseView, FindingView, LetterView, RowView
from mailbot.domain.links import CLOUD_LINK
from mailbot.domain.ports import Composer, PortError
from mailbot.domain.states import ItemState
from mailbot.domain.topics import HELP
from mailbot.outbound.digest import Digest, DueCase, OddMail, OpenBatch, compose_digest
from mailbot.outbound.standing import section
from mailbot.rulebook import Reloader

_AT = datetime(2020, 9, 1, 2, tzinfo=UTC)
_TO = "hr@unit.example.com"
_ASK = FindingView("id.checksum", "ask", "身份证号码校验位不对", "id_number")
_FIX = FindingView("name.inner_space", "fix", "姓名中的空格已去掉", "name")
_HOLD = FindingView("name.remark", "hold", "姓名栏有备注", "name")
_NO_HEADER = FindingView("header.unit_missing", "ask", "没有写单位名称", "unit")
_S, _E = ItemState, EffectState
_ROWS: tuple[tuple[ItemState, EffectState | None, tuple[FindingView, ...]], ...] = (
    (_S.FULFILLED, _E.DONE, ()),
    (_S.FULFILLED, _E.DONE, (_FIX,)),
    (_S.APPROVED, _E.PENDING, ()),
    (_S.AWAITING_SENDER, None, (_ASK,)),
    (_S.HELD, None, (_HOLD,)),
    (_S.HELD, _E.CONFLICT, ()),
    (_S.FULFILLED, _E.ALREADY, ()),
    (_S.DECLINED, None, ()),
    (_S.CLOSED, None, ()),
    (_S.FULFILLED, None, ()),
)
_ASKED = ((), *((FindingView(code, "note", "来信所问"),) for code in (ASKS_WHICH, ASKS_STATUS)))
"""What an answered mail may have asked."""
_TOLD_TO = ((False, False), (True, False), (True, True))
"""A sender who is not verified, verified, and bound to the unit."""


def letter_facts(site: SiteFacts, rules: Reloader) -> Iterator[Fact]:
    """One fact a template that can be told of, and one for the digest."""
    composer = composer_of(site, rules, rules.current.campaign.initial_password.value)
    wanted = {name for name in rules.current.templates if "/parts/" not in name and not name.startswith("staff/")}
    told = {f"{kind}/{name}" for kind, policy in rules.current.campaign.kinds.items() for name in policy.letters}
    made = samples({name.partition("/")[0] for name in wanted if "/" in name} - {"mail"})
    found = {name: sample for name, sample in made if name in told or name.startswith("mail/")}
    faults = 0
    for name, sample in sorted(found.items()):
        for fault in _faults(composer, sample):
            faults += 1
            yield bad("letters", f"{name}: {fault}", "mend the template; the variables stand in docs/catalogue.md")
    for fault in _digest_faults(site):
        faults += 1
        yield bad("letters", f"staff/digest: {fault}", "mend the template")
    untold = sorted(name for name in wanted - set(found) if "/" in name)
    if untold:
        yield warn("letters", f"no letter ever tells {', '.join(untold)}", "remove the templates, or mend their names")
    if not faults:
        yield good("letters", f"{len(found)} sections and the digest render with every variable in place")


@dataclass(frozen=True, slots=True)
class Sample:
    """What makes a letter have a section: the kind of letter, its cases, and what the answered mail asked."""

    kind: LetterKind
    cases: tuple[CaseView, ...] = ()
    about: tuple[FindingView, ...] = ()
    key: str = "check"


def samples(kinds: Iterable[str]) -> Iterator[tuple[str, Sample]]:
    """For every section that a letter can have, of whatever kind: its template's name and a sample. The letter to a
    mail without a case comes last."""
    seen: set[str] = set()
    for of, kind, state, rows, about in product(sorted(kinds), LetterKind, ItemState, tuple(_row_sets()), _ASKED):
        case = _case(of, state, rows)
        name = f"{of}/{section(kind, case, about).value}"
        if name not in seen:
            seen.add(name)
            yield name, Sample(kind, (case,), about)
    yield "mail/help", Sample(LetterKind.ANSWER, about=(FindingView(f"{HELP}invoice", "note", "电子发票"),))
    yield "mail/attach", Sample(LetterKind.ANSWER, about=(FindingView(CLOUD_LINK, "ask", "请以普通附件重新发送"),))
    yield "mail/more", Sample(LetterKind.NOTICE, key=f"{MORE}1")
    yield "mail/received", Sample(LetterKind.RECEIPT)


def _row_sets() -> Iterator[tuple[RowView, ...]]:
    """No row, every single row, and every pair."""
    rows = [_row(number, *one) for number, one in enumerate(_ROWS, start=9)]
    yield ()
    for first, second in product(rows, rows):
        yield (first,) if first is second else (first, second)


def _row(number: int, state: ItemState, effect: EffectState | None, findings: tuple[FindingView, ...]) -> RowView:
    person = ("李四", "110105194912310021", "13800000001")
    return RowView(number, str(number - 8), "Sheet1", 1, *person, RowStatus.OK.value, state, effect, findings)


def _case(kind: str, state: ItemState, rows: tuple[RowView, ...]) -> CaseView:
    header: Mapping[str, object] = {"unit": "某单位", "contact": "王某", "order_no": "2020070297223026"}
    own = (_NO_HEADER,) if state in (ItemState.AWAITING_SENDER, ItemState.HELD) else ()
    return CaseView(
        id="2020-000001",
        kind=kind,
        version=1,
        outcome="partial",
        state=state,
        header=header,
        attachment="名单.xlsx",
        due_at=_AT + timedelta(days=2),
        provisional=False,
        findings=own,
        rows=rows,
        usable_from=date(2020, 9, 2),
        reason="单位已撤回",
    )


def _faults(composer: Composer, sample: Sample) -> Iterator[str]:
    """What is in the way of these letters, each fault once: to every kind of sender, with a promise and without."""
    bare = tuple(replace(case, due_at=None, usable_from=None, reason=None, attachment=None) for case in sample.cases)
    told: set[str] = set()
    for (trusted, bound), sections in product(_TOLD_TO, (sample.cases, bare)):
        try:
            composer.compose(_view(replace(sample, cases=sections), trusted=trusted, bound=bound))
        except PortError as fault:
            if str(fault) not in told:
                told.add(str(fault))
                yield str(fault)


def _view(sample: Sample, *, trusted: bool, bound: bool) -> LetterView:
    return LetterView(
        key=sample.key,
        kind=sample.kind,
        to=_TO,
        letter_id="<check@mailbot.invalid>",
        at=_AT,
        subject="2020年公需科目报名名单",
        message_id="<mail@unit.example.com>",
        references=(),
        cases=sample.cases,
        trusted=trusted,
        bound=bound,
        about=sample.about,
    )


def _digest_faults(site: SiteFacts) -> Iterator[str]:
    case = DueCase("2020-000001", "某单位", 3, _AT, "hold")
    mail = OddMail(7, _AT, _TO, "报名", "mail.unreadable")
    full = Digest(
        to=_TO,
        letter_id="<check@mailbot.invalid>",
        at=_AT,
        expiring=[case],
        closes=_AT.date(),
        overdue=[case],
        due_today=[case],
        held=[case],
        set_aside=[mail],
        ignored=[mail],
        batches=[OpenBatch("0001", "待注册", 3, 1, _AT)],
        calendar_until=_AT.date(),
        mode="rehearsal",
        warnings=["x"],
    )
    for digest in (full, Digest(_TO, "<check@mailbot.invalid>", _AT)):
        try:
            compose_digest(digest, sender=site.sender, templates=site.templates, zone="Asia/Shanghai")
        except PortError as fault:
            yield str(fault)
