"""A stored mail judged again as on its day: the look-ups, the platform's answers and the cases it continued are those
of then, so that what differs comes from the rules, or from the program that reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mailbot import flow
from mailbot.assembly import SiteFacts, start_of
from mailbot.cli.then import AsAnswered, Items, Then, merged
from mailbot.clock import FixedClock
from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import Situation
from mailbot.domain.mail import Arrival, MailState, StoredMail
from mailbot.domain.masking import mask_text
from mailbot.domain.outcome import MailResult
from mailbot.domain.ports import Hasher, Opener, PortError
from mailbot.domain.signed import signed_by
from mailbot.ledger.history import Bound, MailWas, domains_before
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import MailLine
from mailbot.ledger.versions import VersionLine
from mailbot.rulebook import Rulebook
from mailbot.sight import Remembered
from mailbot.steps.classify import AnyKind
from mailbot.steps.context import situation_of
from mailbot.steps.house import House

NOT_FROZEN = "当时没有立案，按今天的资料核对"
NO_CONTEXT = "当时的资料不完整，按今天的资料核对"


DUE: Final = (MailState.STORED, MailState.WORKING)


class NotJudged(Exception):
    """A mail that no pass of the flow has ended, or that waits for another one: there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A mail judged again. `frozen`: with the look-ups of its day; `versions` are those it made then, by case; `notes`
    say what could not be had as it was."""

    was: MailWas
    result: MailResult
    frozen: bool
    versions: Mapping[str, VersionLine]
    notes: tuple[str, ...]


@dataclass(slots=True)
class Again:
    """Judges stored mails again under one rulebook. `in_force` are the rules that the site works by, `levels` the
    automation levels that count instead of those of the day."""

    ledger: Ledger
    opener: Opener
    hasher: Hasher
    site: SiteFacts
    rules: Rulebook
    in_force: Rulebook
    kinds: Callable[[Rulebook], tuple[AnyKind, ...]]
    levels: Mapping[str, Automation] = field(default_factory=dict)
    _bindings: list[Bound] | None = None
    _items: dict[tuple[str, int], Items] = field(default_factory=dict)

    def judge(self, mail: MailLine) -> Replayed:
        """One mail. Raises `NotJudged`, and `PortError` for one whose bytes are not to be had or cannot be opened."""
        was = self.ledger.history.of_mail(mail.id)
        if was is None or mail.state in DUE:
            raise NotJudged("尚未处理")
        if mail.summary is None:
            raise NotJudged(f"当时程序未能处理（{mask_text(mail.last_error or '原因不明')}），没有可比较的结果")
        versions = self._versions(mail, was)
        situations, notes = self._situations(versions)
        known = merged([one.lookups for one in situations], frozenset(versions)) if situations else None
        then = Then(self.ledger.db, self.ledger, mail, was, known, self._domains(was.event), self.items, notes)
        answers = {key: answer for one in situations for key, answer in one.registrations.items()}
        platform = AsAnswered(answers, self.hasher)
        arrival = Arrival(mail.account, mail.mailbox, 0, 0, mail.received_at)
        stored = StoredMail(mail.id, arrival, mail.address, mail.sha256, mail.size, mail.state, mail.attempts)
        raw, signed = self.ledger.cases.raw(mail.sha256), signed_by(mail.marks)
        house = self._house(then, platform, situations, list(versions))
        opened = flow.look(stored, self.opener.open(raw), raw, house, signed)
        result = flow.consider(stored, opened, house, signed)
        if platform.unasked:
            notes.add(f"{platform.unasked}人当时未向平台查询，按“不知是否已注册”核对")
        return Replayed(was, result, bool(situations), versions, tuple(sorted(notes)))

    def items(self, case_id: str, version: VersionLine) -> Items:
        """The items of a version of a case as its mail is read today under the rules in force, by number; none where
        that mail cannot be read again."""
        key = (case_id, version.version)
        if key not in self._items:
            self._items[key] = {} if version.mail_id is None else self._read_again(case_id, version.mail_id)
        return self._items[key]

    def _read_again(self, case_id: str, mail_id: int) -> Items:
        base = replace(self, rules=self.in_force, levels={})
        try:
            result = base.judge(self.ledger.queries.mail(mail_id)).result
        except (NotJudged, PortError):
            return {}
        return {item.number: item for case in result.cases if case.case_id == case_id for item in case.items}

    def _versions(self, mail: MailLine, was: MailWas) -> dict[str, VersionLine]:
        """The versions that the mail made, by case, in the order of its requests."""
        ids = [case.case_id for case in was.cases] if was.cases else [case_id for case_id, _ in mail.cases]
        found: dict[str, VersionLine] = {}
        for case_id in dict.fromkeys(ids):
            for version in self.ledger.queries.versions(case_id):
                if version.mail_id == mail.id:
                    found[case_id] = version
        return found

    def _situations(self, versions: Mapping[str, VersionLine]) -> tuple[tuple[Situation, ...], set[str]]:
        """What the versions were judged by; nothing, and a note, where that is not known whole."""
        if not versions:
            return (), {NOT_FROZEN}
        campaigns, usual = self.rules.campaigns, self.rules.campaign
        contexts = [version.context for version in versions.values()]
        try:
            return tuple(
                situation_of(context, campaigns.get(str(context.get("campaign")), usual), self.hasher)
                for context in contexts
            ), set()
        except ValueError:
            return (), {NO_CONTEXT}

    def _domains(self, event: int) -> frozenset[str]:
        if self._bindings is None:
            self._bindings = self.ledger.history.bindings()
        return domains_before(self._bindings, event)

    def _level(self, kind: str, then: Automation) -> Automation:
        """The level that a kind was judged at; another where one is asked for, or where these rules name another than
        the rules in force."""
        if kind in self.levels:
            return self.levels[kind]
        now, other = self.in_force.campaign.kinds.get(kind), self.rules.campaign.kinds.get(kind)
        if now is None or other is None or now.automation is other.automation or then is not now.automation:
            return then
        return other.automation

    def _house(self, then: Then, platform: AsAnswered, situations: tuple[Situation, ...], case_ids: list[str]) -> House:
        rules = replace(self.rules, campaign=situations[0].campaign) if situations else self.rules
        kinds = [self.ledger.cases.load_case(case_id).result.kind for case_id in case_ids] if situations else []
        of_day = {kind: self._level(kind, one.automation) for kind, one in zip(kinds, situations, strict=True)}
        return House(
            ledger=then,
            opener=self.opener,
            platform=platform,
            hasher=self.hasher,
            clock=FixedClock(then.was.at),
            rules=lambda: rules,
            kinds=self.kinds,
            own_addresses=self.site.own_addresses,
            authserv_id=self.site.authserv_id,
            automation={**self.site.automation, **self.levels, **of_day},
            start=start_of(self.site, rules),
            sight=Remembered(self.ledger.scans),
        )
