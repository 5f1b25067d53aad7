"""Puts the parts of one site together: ledger, rules, kinds, reader, platform, letters, flow, desk and worker.

The daemon, `process` and the demonstration differ in where mail comes from and where letters go, and in nothing else.
"""

from __future__ import annotations

import fcntl
import gc
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from mailbot import casetypes, flow
from mailbot.config import Settings
from mailbot.data import rules_dir, templates_dir
from mailbot.desk import Desk
from mailbot.domain.decisions import Automation
from mailbot.domain.facts.mail import MAIL
from mailbot.domain.letters import Composed, LetterView
from mailbot.domain.limits import Limits, OutboundLimits
from mailbot.domain.mail import StoredMail
from mailbot.domain.ports import Clock, Courier, Hasher, Platform, PortError, SentFolder, Signatures
from mailbot.engine.worker import Pauses, Worker
from mailbot.flow import House
from mailbot.ledger.ledger import Ledger, open_ledger
from mailbot.ledger.redate import Redated
from mailbot.ledger.terms import Caps, Terms
from mailbot.outbound.compose import LetterComposer, Stationery
from mailbot.outbound.import_book import USUAL_SHEET, ImportSheet
from mailbot.platform.registry import PlatformSettings, load
from mailbot.rulebook import Problem, Reloader, Rulebook, RulebookError, read_forms
from mailbot.rulebook.dates import basis, due_of
from mailbot.sandbox.darkroom import Darkroom
from mailbot.sandbox.parent import Sandbox
from mailbot.sandbox.readers import Readers
from mailbot.sight import DEVELOP, DEVELOP_WARM_UP, Memory, Sight, engine_of
from mailbot.sight import TARGET as READER
from mailbot.sight import WARM_UP as READER_WARM_UP
from mailbot.signatures import DkimCheck

TARGET = "mailbot.opening:open_mail"
WARM_UP = "mailbot.opening:warm_up"
LOCK = "mailbot.lock"
OCR = Path(__file__).with_name("ocr")
ENGINES = ("rapidocr", "pytesseract")
"""The libraries that can read a picture; one is enough."""
YOUNG = 50_000
"""New containers before the collector looks at the young: a row makes a dozen, and nearly all end by themselves."""
T = TypeVar("T")


class StorageInUse(PortError):
    """Another mailbot works in this storage folder."""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the parts of one site are told. `sender` is the plain address letters come from; `automation` overrides the
    campaign's level of a kind; `campaign` is its code, the latest without one; `domain` stands in our Message-IDs;
    `undo` passes between a decision and the start of its effects; `signatures` checks those of mails that our own
    server says nothing about."""

    storage: Path
    rules: Path
    templates: Path
    own_addresses: frozenset[str]
    authserv_id: str
    sender: str
    campaign: str | None = None
    automation: Mapping[str, Automation] = field(default_factory=dict)
    platform: str = "ledger"
    platform_options: Mapping[str, str] = field(default_factory=dict)
    platform_data: Path | None = None
    caps: bool = True
    start: date | None = None
    whole_cells: bool = False
    undo: timedelta = timedelta(0)
    import_sheet: ImportSheet = USUAL_SHEET
    domain: str | None = None
    signatures: Signatures | None = None

    @property
    def message_domain(self) -> str:
        """What stands behind the @ of our Message-IDs: the site's own domain, else that of its sender."""
        return self.domain or self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Parts:
    """One site, put together."""

    site: SiteFacts
    ledger: Ledger
    rules: Reloader
    platform: Platform
    courier: Courier
    house: House
    worker: Worker
    clock: Clock
    hasher: Hasher

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force."""
        return self.rules.current

    @property
    def zone(self) -> ZoneInfo:
        """The office's zone."""
        return ZoneInfo(self.rulebook.campaign.office.zone)

    def desk(self) -> Desk:
        """The desk under the rules in force."""
        rules = self.rulebook
        return Desk(self.ledger.cases, self.house.kinds(rules), rules.campaign, self.hasher, rules.calendar)

    def redate(self, rules: Rulebook) -> Redated:
        """What is open gets the dates that these rules give it, where its days or time limits changed."""
        return self.ledger.dates.bring(basis(rules), due_of(rules), self.clock.now())


def facts_of(settings: Settings) -> SiteFacts:
    """What a settings file says, as the parts need it."""
    site = settings.site
    return SiteFacts(
        storage=site.storage,
        rules=site.rules or rules_dir(),
        templates=site.templates or templates_dir(),
        own_addresses=settings.own_addresses,
        authserv_id=site.authserv_id or "",
        sender=settings.smtp.sender,
        campaign=site.campaign,
        automation=settings.automation,
        platform=settings.platform.adapter,
        platform_options=settings.platform.options,
        platform_data=settings.platform.data,
        whole_cells=site.whole_cells,
        undo=timedelta(minutes=site.undo_minutes),
        import_sheet=ImportSheet(tuple(settings.import_book.columns.items()), settings.import_book.whole),
        domain=site.domain,
        start=site.start_date,
        signatures=_signatures(settings),
    )


def _signatures(settings: Settings) -> Signatures | None:
    trust = settings.trust
    if trust.dkim == "off" or trust.resolver is None:
        return None
    return DkimCheck(trust.resolver, trust.resolver_port, trust.timeout_seconds)


class PerRulebook(Generic[T]):
    """A value made from the rulebook in force, made anew when another comes into force. Threads may share it."""

    def __init__(self, build: Callable[[Rulebook], T]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._made: tuple[str, T] | None = None

    def __call__(self, rulebook: Rulebook) -> T:
        with self._lock:
            if self._made is None or self._made[0] != rulebook.hash:
                self._made = (rulebook.hash, self._build(rulebook))
            return self._made[1]


@dataclass(frozen=True, slots=True)
class CurrentComposer:
    """Writes letters with the campaign and forms in force, whatever was in force when the site started."""

    composers: PerRulebook[LetterComposer]
    rules: Reloader

    def compose(self, view: LetterView) -> Composed:
        """One letter, as `LetterComposer` writes it."""
        return self.composers(self.rules.current).compose(view)


def open_rules(site: SiteFacts) -> Reloader:
    """The rules of a site. Raises `RulebookError` with everything that is wrong with them."""
    try:
        kinds = casetypes.kinds(read_forms(site.rules))
        records = (MAIL, *(vocabulary for kind in kinds for vocabulary in kind.vocabularies))
        names = tuple(kind.name for kind in kinds)
        return Reloader(site.rules, records, site.templates, campaign=site.campaign, kinds=names)
    except casetypes.BrokenKind as fault:
        raise RulebookError([Problem("forms", f"来信种类无法建立，表单文件缺失或有误：{fault}")]) from fault
    except OSError as fault:
        raise RulebookError([Problem(str(site.rules), f"规则目录无法读取：{fault.strerror or fault}")]) from fault


@contextmanager
def locked(storage: Path) -> Iterator[None]:
    """One mailbot per storage folder; the kernel frees the lock however the process ends. Raises `StorageInUse`, and
    `PortError` for a place where no folder can be."""
    try:
        storage.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(storage / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise PortError(f"{storage} cannot be a storage folder: {fault.strerror}", retry=False) from fault
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StorageInUse(f"another mailbot works in {storage}", retry=False) from None
    try:
        yield
    finally:
        os.close(handle)


def open_storage(site: SiteFacts, rules: Reloader, hasher: Hasher) -> Ledger:
    """The ledger of a site, brought to this program's schema."""
    limits = rules.current.limits
    site.storage.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_ledger(site.storage, terms(site, rules.current, limits, hasher))


def terms(site: SiteFacts, rulebook: Rulebook, limits: Limits, hasher: Hasher) -> Terms:
    """What the ledger works by."""
    out = limits.outbound
    return Terms(
        hasher=hasher,
        zone=ZoneInfo(rulebook.campaign.office.zone),
        domain=site.message_domain,
        attempts=limits.engine.attempts,
        unknown_wait=timedelta(minutes=out.unknown_wait_minutes),
        back_off=tuple(timedelta(minutes=minutes) for minutes in out.retry_minutes),
        line_waits=tuple(timedelta(minutes=minutes) for minutes in out.reconnect_minutes),
        login_waits=tuple(timedelta(minutes=minutes) for minutes in out.login_minutes),
        caps=_caps(out) if site.caps else None,
        undo=site.undo,
    )


def _caps(out: OutboundLimits) -> Caps:
    return Caps(
        an_hour=out.sender_per_hour,
        a_day=out.sender_per_day,
        house=out.house_per_hour,
        mailbox=out.mailbox_per_hour,
        same_text=timedelta(hours=out.same_text_hours),
        gathered=out.gathered_cases,
    )


def calm_collector() -> None:
    """Look for garbage less often: at Python's own pace a large roster spends a sixth of its time on being searched."""
    gc.set_threshold(YOUNG, 20, 100)


@contextmanager
def assembled(
    site: SiteFacts,
    rules: Reloader,
    hasher: Hasher,
    clock: Clock,
    courier: Courier,
    platform: Platform | None = None,
    sent: SentFolder | None = None,
) -> Iterator[Parts]:
    """A site put together, and taken apart again. The reader's zygote starts first: it inherits no file, no secret.
    `sent` is where the mail server keeps what it sent, where it does that.

    Holds no lock: whoever works in the storage folder does so under `locked`.
    """
    with ExitStack() as stack:
        opener = stack.enter_context(Sandbox(rules.current.limits, TARGET, WARM_UP))
        ledger = open_storage(site, rules, hasher)
        stack.callback(ledger.close)
        platform = platform or open_platform(site, rules.current, clock)
        house = House(
            ledger=ledger.cases,
            opener=opener,
            platform=platform,
            hasher=hasher,
            clock=clock,
            rules=lambda: rules.current,
            kinds=PerRulebook(lambda rulebook: casetypes.kinds(rulebook.forms)),
            own_addresses=site.own_addresses,
            authserv_id=site.authserv_id,
            automation=site.automation,
            start=start_of(site, rules.current),
            signatures=site.signatures,
            sight=stack.enter_context(sight(rules.current.limits, ledger.scans, clock)) if can_read() else None,
        )
        worker = _worker(site, rules, house, ledger, courier, sent)
        calm_collector()
        yield Parts(site, ledger, rules, platform, courier, house, worker, clock, hasher)


def can_read() -> bool:
    """Whether the program that reads pictures is there; without it what stands on them stays unknown."""
    return (OCR / "worker.py").is_file() and any(find_spec(name) is not None for name in ENGINES)


@contextmanager
def sight(limits: Limits, memory: Memory, clock: Clock) -> Iterator[Sight]:
    """Who reads a site's pictures. No process of it runs before the first picture comes."""
    room = Darkroom(limits, DEVELOP, DEVELOP_WARM_UP)
    pool = Readers(limits, READER, READER_WARM_UP)
    try:
        yield Sight(memory, room, pool, clock, limits.ocr, engine_of(OCR))
    finally:
        pool.close()
        room.close()


def start_of(site: SiteFacts, rulebook: Rulebook) -> datetime | None:
    """The first moment of the day on which the site goes to work, in the office's zone."""
    zone = ZoneInfo(rulebook.campaign.office.zone)
    return None if site.start is None else datetime.combine(site.start, time.min, zone)


def open_platform(site: SiteFacts, rulebook: Rulebook, clock: Clock) -> Platform:
    """The site's platform adapter. Raises `PortError` for a name that none answers to."""
    wording = f"初始密码为{rulebook.campaign.initial_password.value}"
    settings = PlatformSettings(site.storage, clock, wording, site.platform_data, site.platform_options)
    return load(site.platform, settings)


def composer_of(site: SiteFacts, rules: Reloader, password_policy: str) -> CurrentComposer:
    """Who writes the site's letters. `password_policy` is the platform's wording."""

    def composer(rulebook: Rulebook) -> LetterComposer:
        return LetterComposer(
            Stationery(
                campaign=rulebook.campaign,
                sender=site.sender,
                password_policy=password_policy,
                templates=site.templates,
                roster_form=rulebook.forms["roster"],
                subject_characters=rulebook.limits.outbound.subject_characters,
                whole_cells=site.whole_cells,
                import_sheet=site.import_sheet,
            )
        )

    return CurrentComposer(PerRulebook(composer), rules)


def _worker(
    site: SiteFacts, rules: Reloader, house: House, ledger: Ledger, courier: Courier, sent: SentFolder | None
) -> Worker:
    def flow_of(mail: StoredMail) -> object:
        return flow.process(mail, house)

    return Worker(
        steps=ledger.steps,
        flow=flow_of,
        platform=house.platform,
        composer=composer_of(site, rules, house.platform.caps.password_policy),
        courier=courier,
        clock=house.clock,
        pauses=Pauses(mail=timedelta(minutes=1), effect=timedelta(minutes=5), letter=timedelta(minutes=1)),
        sent=sent,
    )
