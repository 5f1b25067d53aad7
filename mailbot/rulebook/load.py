"""From the rules folder to a rulebook, or to the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot.domain.campaign import Campaign
from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.forms import Form
from mailbot.domain.limits import Limits
from mailbot.domain.links import CloudLinks
from mailbot.domain.lookalike import SenderDomains
from mailbot.domain.toml_lines import suggest
from mailbot.domain.workdays import Calendar, Year
from mailbot.rulebook.book import Rulebook
from mailbot.rulebook.compile import compile_all
from mailbot.rulebook.models import read_limits, validated
from mailbot.rulebook.problems import Problem, RulebookError
from mailbot.rulebook.read_rule import Frame, read_rule
from mailbot.rulebook.rules import Rule
from mailbot.rulebook.sources import LIMITS, LINKS, SENDERS, Source, meaning_hash, parse_files, read_files

RECORD_FIELDS = frozenset({"name", "id_number", "phone", "remark", "serial"})
"""Fields that a rule may point at besides those of the forms."""


def load(
    rules_dir: Path,
    vocabularies: Iterable[Vocabulary],
    templates: Path,
    *,
    campaign: str | None = None,
    kinds: Collection[str] = (),
) -> Rulebook:
    """The rulebook of a folder, checked in every word.

    `vocabularies` are the records that rules may be about, `templates` the folder that holds `emails/`, `campaign` the
    code of the one in force (the latest without it), `kinds` the kinds of case that every campaign must have a policy
    for. Raises `RulebookError` with all faults of all files, `OSError` where the folder cannot be read.
    """
    return build(read_files(rules_dir), vocabularies, templates, campaign=campaign, kinds=kinds)


def build(
    files: Mapping[str, bytes],
    vocabularies: Iterable[Vocabulary],
    templates: Path,
    *,
    campaign: str | None = None,
    kinds: Collection[str] = (),
) -> Rulebook:
    """As `load`, from the bytes of the files."""
    desk = _Desk({v.about: v for v in vocabularies}, _template_names(templates), kinds)
    sources = parse_files(files, desk.problems)
    limits, senders, links = desk.limits(sources), desk.senders(sources), desk.links(sources)
    campaigns = desk.campaigns([s for s in sources if s.folder == "campaigns"])
    chosen = desk.chosen(campaigns, campaign)
    forms = desk.forms([s for s in sources if s.folder == "forms"])
    calendar = desk.calendar([s for s in sources if s.folder == "calendar"])
    rules = desk.rules([s for s in sources if not s.folder and s.name not in (LIMITS, SENDERS, LINKS)], chosen, forms)
    if desk.problems or chosen is None or limits is None or senders is None:
        raise RulebookError(desk.problems)
    return Rulebook(
        hash=meaning_hash(sources, chosen.code),
        campaign=chosen,
        campaigns=campaigns,
        forms=forms,
        limits=limits,
        calendar=calendar,
        vocabularies=desk.vocabularies,
        rules=rules,
        checkers={
            about: compile_all([rule.node for rule in rules[about]], len(vocabulary.facts))
            for about, vocabulary in desk.vocabularies.items()
        },
        senders=senders,
        links=links,
        templates=desk.templates,
    )


def read_forms(rules_dir: Path) -> dict[str, Form]:
    """The forms alone, by kind: kinds of case are built from them before their vocabularies can be asked for.

    Raises `RulebookError` with all faults of `forms/`, `OSError` where the folder cannot be read.
    """
    desk = _Desk({}, (), ())
    files = {name: raw for name, raw in read_files(rules_dir).items() if name.startswith("forms/")}
    forms = desk.forms(parse_files(files, desk.problems))
    if desk.problems:
        raise RulebookError(desk.problems)
    return forms


@dataclass
class _Desk:
    """Reads file after file and keeps what is wrong."""

    vocabularies: Mapping[str, Vocabulary]
    templates: tuple[str, ...]
    kinds: Collection[str]
    problems: list[Problem] = field(default_factory=list)

    def limits(self, sources: list[Source]) -> Limits | None:
        source = self._single(sources, LIMITS)
        return None if source is None else read_limits(source, self.problems)

    def senders(self, sources: list[Source]) -> SenderDomains | None:
        source = self._single(sources, SENDERS)
        return None if source is None else validated(source, SenderDomains, self.problems)

    def links(self, sources: list[Source]) -> CloudLinks:
        """What tells a link to a file; an office that keeps no such list has none told."""
        source = next((s for s in sources if s.name == LINKS), None)
        read = None if source is None else validated(source, CloudLinks, self.problems)
        return read or CloudLinks()

    def _single(self, sources: list[Source], name: str) -> Source | None:
        """The one file of that name; a problem where there is none."""
        source = next((s for s in sources if s.name == name), None)
        if source is None and not any(problem.file == name for problem in self.problems):
            self.problems.append(Problem(name, "缺少这个文件"))
        return source

    def campaigns(self, sources: list[Source]) -> dict[str, Campaign]:
        found: dict[str, Campaign] = {}
        for source in sources:
            read = validated(source, Campaign, self.problems)
            if read is not None:
                self._named(source, read.code, "code")
                self._zone(source, read.office.zone)
                self._policies(source, read)
                found[read.code] = read
        return found

    def chosen(self, campaigns: Mapping[str, Campaign], code: str | None) -> Campaign | None:
        """The campaign of that code; without one, that of the latest year."""
        if code is None and campaigns:
            return max(campaigns.values(), key=lambda c: (c.year, c.code))
        if code is not None and code in campaigns:
            return campaigns[code]
        if not any(problem.file.startswith("campaigns/") for problem in self.problems):
            near = suggest(code or "", campaigns)
            self.problems.append(
                Problem("campaigns", f"没有年度 {code or ''}" + (f"，是不是 {near}？" if near else ""))
            )
        return None

    def forms(self, sources: list[Source]) -> dict[str, Form]:
        found: dict[str, Form] = {}
        for source in sources:
            read = validated(source, Form, self.problems)
            if read is not None:
                self._named(source, read.kind, "kind")
                found[read.kind] = read
        return found

    def calendar(self, sources: list[Source]) -> Calendar:
        years: dict[int, Year] = {}
        for source in sources:
            read = validated(source, Year, self.problems)
            if read is not None:
                self._named(source, str(read.year), "year")
                years[read.year] = read
        return Calendar(years=years)

    def rules(
        self, sources: list[Source], campaign: Campaign | None, forms: Mapping[str, Form]
    ) -> dict[str, tuple[Rule, ...]]:
        """The rules by record, in the order of files and lines; a record without rules has none."""
        fields = frozenset(key for form in forms.values() for key in (*form.columns, *form.labels))
        frame = Frame(self.vocabularies, campaign, fields | RECORD_FIELDS if fields else fields)
        found: dict[str, list[Rule]] = {about: [] for about in self.vocabularies}
        places: dict[str, str] = {}
        for source in sources:
            for index, table in enumerate(self._tables(source)):
                rule = read_rule(source, index, table, frame, self.problems)
                if rule is not None:
                    found[rule.about].append(rule)
                self._once(source, index, table, places)
        return {about: tuple(rules) for about, rules in found.items()}

    def _tables(self, source: Source) -> list[object]:
        for key in source.tree:
            if key != "rule":
                near = "，是不是 [[rule]]？" if suggest(key, ["rule"]) else "，规则写在 [[rule]] 里"
                self.problems.append(source.problem(f"不认识的键 {key}{near}", key))
        tables = source.tree.get("rule", [])
        if isinstance(tables, list):
            return tables
        self.problems.append(source.problem("规则的标题应为两层方括号：[[rule]]", "rule"))
        return []

    def _once(self, source: Source, index: int, table: object, places: dict[str, str]) -> None:
        """A code stands once for each record; what is the same of a roster and of a proof has one name."""
        found = table if isinstance(table, Mapping) else {}
        code, key = found.get("code"), f"{found.get('about')} {found.get('code')}"
        if not isinstance(code, str):
            return
        here = source.problem(f"代码重复，已用于 {places.get(key)}", "rule", index, "code", rule=code)
        if key in places:
            self.problems.append(here)
        places.setdefault(key, f"{here.file}:{here.line}")

    def _named(self, source: Source, name: str, key: str) -> None:
        if source.stem != name:
            self.problems.append(source.problem(f"{key} 与文件名不符，文件名应为 {name}.toml", key))

    def _zone(self, source: Source, zone: str) -> None:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):  # not found, no name at all, a folder of zones
            self.problems.append(source.problem(f"不认识的时区 {zone}，应为 Asia/Shanghai 之类", "office", "zone"))

    def _policies(self, source: Source, campaign: Campaign) -> None:
        for kind in self.kinds:
            if kind not in campaign.kinds:
                near = suggest(kind, set(campaign.kinds) - set(self.kinds))
                hint = f"，是不是写成了 {near}？" if near else ""
                self.problems.append(source.problem(f"缺少 kinds.{kind}{hint}", "kinds", near or ""))
        for kind, policy in campaign.kinds.items():
            for number, letter in enumerate(policy.letters):
                self._letter(source, f"{kind}/{letter}", ("kinds", kind, "letters", number))

    def _letter(self, source: Source, name: str, path: tuple[str | int, ...]) -> None:
        if name not in self.templates:
            near = suggest(name, self.templates)
            hint = f"，是不是 {near}？" if near else ""
            self.problems.append(source.problem(f"缺少信件模板 emails/{name}.txt{hint}", *path))


def _template_names(templates: Path) -> tuple[str, ...]:
    """The letters below `emails/`, as `kind/name`, sorted."""
    emails = templates / "emails"
    return tuple(sorted(p.relative_to(emails).with_suffix("").as_posix() for p in emails.rglob("*.txt")))
