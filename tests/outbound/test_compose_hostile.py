"""Letters under hostile words and broken templates, and what holds of every letter whatever the case."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.data import templates_dir
from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.letters import CaseView, Composed, LetterView, RowView
from mailbot.domain.ports import PortError
from mailbot.domain.states import ItemState
from mailbot.outbound.compose import LetterComposer
from mailbot.outbound.import_book import IMPORT, ImportSheet
from mailbot.outbound.standing import Section, Standing, standing
from tests.examples import examples
from tests.outbound.letters import (
    CHECKSUM,
    DUE,
    NO_PHONE,
    REMARK,
    SPACE,
    ZONE,
    asked,
    case,
    composer,
    done,
    everything,
    id_number,
    parsed,
    phone,
    row,
    sheets,
    text,
    view,
    write,
)

HOSTILE = [
    "x\r\nBcc: victim@evil.example",
    "=?utf-8?B?YQ0KQmNjOiB2QHg=?=",
    "=?x-unknown?Q?abc?=",
    "\ud800lone\udfff",
    "\u202egnp.exe\u2066",
    "a" * 10_000,
    "名" * 10_000,
    "回复：" * 3000,
    "\x00\x1b[31m\x7f",
    "Re: " * 50 + "x",
    "报名 " + id_number(1) + " " + phone(1),
    "",
    " \t\r\n ",
    "{{ 7*7 }} {% raw %}",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_subject_or_name_breaks_a_letter(words: str) -> None:
    made = replace(
        case(replace(asked(1), name=words, serial=words, sheet=words), header={"unit": words}),
        attachment=words,
        reason=words,
    )
    letter = composer().compose(view(made, subject=words))
    mail = parsed(letter)
    assert [name for name in mail.keys() if name.lower() in ("bcc", "cc")] == []  # noqa: SIM118 - every header, also twice
    assert [address.addr_spec for address in mail["To"].addresses] == ["hr@unit.example"]
    subject = str(mail["Subject"])
    assert subject == letter.subject
    assert subject.startswith("回复：")
    assert len(subject) <= 63
    assert not re.search(
        r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", subject + text(letter).replace("\n", "")
    )
    assert "49" not in text(letter).replace("400-", "")


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("报名名单", "回复：报名名单"),
        ("Re: 报名名单", "回复：报名名单"),
        ("回复：回复: RE：Re[2]: 报名名单", "回复：报名名单"),
        ("答复：报名名单", "回复：报名名单"),
        ("转发：报名名单", "回复：转发：报名名单"),
        ("Request: x", "回复：Request: x"),
        ("", "回复：（无主题）"),
        ("Re:", "回复：（无主题）"),
    ],
)
def test_the_subject_answers_once(subject: str, answered: str) -> None:
    assert composer().compose(view(case(done(1)), subject=subject)).subject == answered


@pytest.mark.parametrize(
    "to", ["", "a@x.example, b@x.example", "张三 <a@x.example>", "a@x.example\r\nBcc: b@x.example", "张，b@x.cn"]
)
def test_a_letter_goes_to_one_plain_address_or_nowhere(to: str) -> None:
    with pytest.raises(PortError, match="plain address") as fault:
        composer().compose(view(case(done(1)), to=to))
    assert fault.value.retry is False


def test_foreign_references_are_bounded_and_well_formed() -> None:
    bad = ("no-brackets", "<a b@x>", "<x\r\nBcc: v@x>", "<" + "a" * 300 + "@x>", "<名@x>")
    many = tuple(f"<{n}@unit.example>" for n in range(50))
    mail = parsed(composer().compose(view(case(done(1)), references=(*bad, *many), message_id="<me@unit.example>")))
    found = str(mail["References"]).split()
    assert found[0] == "<0@unit.example>"
    assert found[-2:] == ["<49@unit.example>", "<me@unit.example>"]
    assert len(found) == 11


def test_long_message_ids_come_through_untorn() -> None:
    long = "<" + "TYZPR03MB" * 15 + "@apcprd03.prod.outlook.com>"
    mail = parsed(composer().compose(view(case(done(1)), message_id=long, references=(long[:-1] + "x>",))))
    assert str(mail["In-Reply-To"]).strip() == long  # folded behind the name, RFC 5322, 2.2.3
    assert str(mail["References"]).split() == [long[:-1] + "x>", long]


def test_a_malformed_message_id_is_not_answered_to() -> None:
    mail = parsed(composer().compose(view(case(done(1)), message_id="<a b>\r\nBcc: x@y.example", references=())))
    assert mail["In-Reply-To"] is None


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    shutil.copytree(templates_dir(), tmp_path / "templates")
    return tmp_path / "templates"


@pytest.mark.parametrize(
    "template",
    [
        "{{ case.nmae }}",
        "{{ unknown }}",
        "{% if %}",
        "{% include 'roster/none.txt' %}",
        "{{ case.due.__class__.__mro__ }}",
    ],
)
def test_a_broken_template_stops_the_letter(broken: Path, template: str) -> None:
    (broken / "emails" / "roster" / "accept.txt").write_text(template, "utf-8")
    with pytest.raises(PortError, match="template") as fault:
        composer(templates=broken).compose(view(case(done(1), due_at=None)))
    assert fault.value.retry is False


def test_a_missing_template_stops_the_letter(broken: Path) -> None:
    (broken / "emails" / "roster" / "accept.txt").unlink()
    with pytest.raises(PortError, match="accept"):
        composer(templates=broken).compose(view(case(done(1))))


@pytest.mark.parametrize("kind", ["commitment", "../staff", "", "roster/x"])
def test_a_kind_without_letters_is_a_fault_and_never_a_path(kind: str) -> None:
    with pytest.raises(PortError) as fault:
        composer().compose(view(case(done(1), kind=kind)))
    assert fault.value.retry is False


def test_every_section_has_its_template() -> None:
    have = {path.stem for path in (templates_dir() / "emails" / "roster").glob("*.txt")}
    assert have == {section.value for section in Section}


def test_templates_hold_no_fact_of_a_campaign() -> None:
    for path in (templates_dir() / "emails").rglob("*.txt"):
        said = path.read_text("utf-8")
        assert not re.search(r"20[12]\d|400-|cqrspx|cqhrsp|000000|六个零|33元|消费足迹|重庆", said), path.name


STATES = st.sampled_from(list(ItemState))
EFFECTS = st.one_of(st.none(), st.sampled_from(list(EffectState)))
NAMES = st.text(st.characters(), max_size=12)
FINDINGS = st.lists(st.sampled_from([CHECKSUM, NO_PHONE, SPACE, REMARK]), max_size=3, unique=True)


@st.composite
def rows(draw: st.DrawFn) -> RowView:
    number = draw(st.integers(1, 400))
    made = row(number, draw(STATES), draw(EFFECTS), *draw(FINDINGS), name=draw(NAMES) or "无")
    mixed = draw(st.sampled_from(["", id_number(number), f"电话{phone(number)}", "3"]))
    return replace(made, serial=mixed, sheet=draw(st.sampled_from(["Sheet1", phone(number), "=1+1"])))


@st.composite
def views(draw: st.DrawFn) -> LetterView:
    words = draw(st.text(st.characters(), max_size=80)) + "，"
    made = case(*draw(st.lists(rows(), max_size=6)), header={"unit": words + id_number(7)}, reason=words + phone(8))
    return view(
        replace(made, attachment=f"{words}{id_number(9)}.xlsx"),
        subject=words + phone(7),
        kind=draw(st.sampled_from(list(LetterKind))),
        trusted=draw(st.booleans()),
        bound=draw(st.booleans()),
    )


def seen(letter: str) -> str:
    return re.sub(r"[\s\-]", "", letter)


@examples(60)
@given(views())
def test_no_letter_shows_a_whole_number_or_claims_too_much(made: LetterView) -> None:
    letter = composer(import_sheet=ImportSheet(whole=False)).compose(made)
    words = seen("\n".join(everything(letter)))
    for number in range(1, 401):
        assert id_number(number) not in words
        assert phone(number) not in words
    (one,) = made.cases
    registered = sum(standing(item) in (Standing.DONE, Standing.ALREADY) for item in one.rows)
    if not registered:
        assert "已注册" not in text(letter)
    assert parsed(letter)["To"] == made.to


@examples(40)
@given(views())
def test_whole_phones_are_user_names_in_the_import_table_of_a_verified_sender_and_nowhere_else(
    made: LetterView,
) -> None:
    letter = composer().compose(made)
    user_names = set(user_names_of(letter))
    registered = {item.phone for item in made.cases[0].rows if standing(item) is Standing.DONE}
    assert not user_names or (made.trusted and user_names <= registered)
    others = [cell for cell in everything(letter) if not (made.trusted and cell in user_names)]
    words = seen("\n".join(others))
    for number in range(1, 401):
        assert id_number(number) not in words
        assert phone(number) not in words


def user_names_of(letter: Composed) -> list[str]:
    """The filled cells of the first column of the table for 导入人员, where one goes with the letter."""
    books = [sheets(part.get_content()) for part in parsed(letter).iter_attachments()]
    tables = [sheet for book in books for sheet in book if sheet.title == IMPORT]
    return [str(line[0].value) for table in tables for line in table.iter_rows(min_row=2) if line[0].value]


TOLD = {
    Standing.PENDING: "待注册",
    Standing.HELD: "待审核",
    Standing.CONFLICT: "待审核",
    Standing.DECLINED: "暂不符合注册条件",
    Standing.ASKED: "请更正以下",
    Standing.WAITING: "待上述内容补齐后办理",
    Standing.SETTLED: "已办结",
    Standing.CLOSED: "不再办理",
}


def told_of(made: CaseView) -> set[Standing]:
    return {standing(item) for item in made.rows}


@examples(80)
@given(st.lists(st.tuples(STATES, EFFECTS, FINDINGS), min_size=1, max_size=6))
def test_no_row_is_passed_over(items: list[tuple[ItemState, EffectState | None, list[object]]]) -> None:
    made = case(*(row(n, state, effect, *found) for n, (state, effect, found) in enumerate(items, 1)))  # type: ignore[arg-type]  # the strategy's own type
    said = write(made, bound=False)
    for name in told_of(made):
        assert TOLD.get(name, "已注册") in said, (name, said)


def test_a_letter_in_the_offices_zone_keeps_its_offset() -> None:
    mail = parsed(composer().compose(view(case(done(1)), at=DUE.astimezone(ZONE))))
    assert str(mail["Date"]).endswith("+0800")


def test_whole_cells_are_a_choice_of_the_site_and_for_trusted_senders_only() -> None:
    made = case(asked(1))
    site: LetterComposer = composer(whole_cells=True)
    open_book = "\n".join(everything(site.compose(view(made))))
    assert phone(1) in open_book
    assert phone(1) not in text(site.compose(view(made)))
    assert phone(1) not in "\n".join(everything(site.compose(view(made, trusted=False))))


_MEANT = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Mailbot-Case",
]


@pytest.mark.parametrize("subject", HOSTILE)
def test_case_45_a_hostile_subject_goes_out_clean(subject: str) -> None:
    """The exact header lines that leave are those that were meant, and the only recipient is the one that was meant."""
    sent = view(case(done(1)), subject=subject, message_id="<1@unit.example>", references=("<0@unit.example>",))
    raw = composer().compose(sent).raw
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert [name for name in names if name in _MEANT] == _MEANT
    assert not {name.lower() for name in names} & {"bcc", "cc", "reply-to", "disposition-notification-to", "sender"}
    assert all(len(line) <= 998 and line.isprintable() for line in head.replace("\r\n", "\n").split("\n"))
    mail = parsed(composer().compose(sent))
    assert (mail["To"], mail["From"]) == ("hr@unit.example", "2020gxkm@cqhrsp.com")
    assert str(mail["Subject"]).isprintable()


@given(st.text(max_size=300) | st.text(alphabet="\r\n\t =?utf-8BQbcTo:名\ud800\u202e,<>@x", max_size=80))
def test_case_45_no_subject_adds_a_header_or_a_recipient(subject: str) -> None:
    mail = parsed(composer().compose(view(case(done(1)), subject=subject)))
    assert (mail["To"], mail["Bcc"], mail["Cc"]) == ("hr@unit.example", None, None)
    assert len(str(mail["Subject"])) <= 70
