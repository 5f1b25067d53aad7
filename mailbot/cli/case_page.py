"""One case as a document: what `case show --json` prints, and the same as a page for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.cli.lines import case_out
from mailbot.cli.output import fields, line, plain, table
from mailbot.cli.proof_lines import NOT_PEOPLE
from mailbot.cli.proof_page import print_proof
from mailbot.cli.told import Out, event_rows, findings_json, letter_json
from mailbot.cli.veil import Veil
from mailbot.cli.words import EFFECTS, KINDS, LETTERS, OUTCOMES, STATES, STATUS, VERBS
from mailbot.domain.decisions import RowStatus
from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.outcome import ItemResult, StoredCase
from mailbot.domain.states import ItemState
from mailbot.ledger.bounces import Unreached
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.redate import REDATED


def case_document(ledger: Ledger, stored: StoredCase, zone: ZoneInfo, veil: Veil) -> Out:
    """The case as the process contract has it, with its row version (`seen`), items, versions, mails, letters and
    events."""
    case = stored.result
    queries = ledger.queries
    document = case_out(stored, [], zone).model_dump(mode="json")
    document["follows"] = [str(mail) for mail in stored.mail_ids[1:]]
    document["seen"] = case.seen
    document["rulebook"] = case.rulebook
    document["mails"] = list(stored.mail_ids)
    of_mails = [finding for mail in stored.mail_ids for finding in queries.mail(mail).findings]
    document["mail_findings"] = findings_json(of_mails, veil)
    document["items"] = [
        {
            "number": i.number,
            "kind": i.kind,
            "state": i.state.value,
            "status": i.status.value,
            "decided_by": i.decided_by,
        }
        for i in case.items
    ]
    out = veil.value(document)
    if not isinstance(out, dict):
        raise TypeError("a case is a table")
    out["unreached"] = unreached_json(ledger.reach.of_case(case.case_id), zone)
    out["letters"] = [letter_json(letter, zone) for letter in queries.letters_of_case(case.case_id)]
    out["versions"] = [
        {
            "version": version.version,
            "mail": version.mail_id,
            "at": version.at.astimezone(zone).isoformat(timespec="seconds"),
            "outcome": version.outcome,
            "rulebook": version.rulebook,
            "findings": findings_json(version.findings, veil),
        }
        for version in queries.versions(case.case_id)
    ]
    out["events"] = event_rows(queries.events_of(case_id=case.case_id), zone, veil)
    return out


def _item(item: ItemResult) -> Out:
    states: Out = {"state": item.state.value, "status": item.status.value, "decided_by": item.decided_by}
    return {"number": item.number, "kind": item.kind, **states}


def print_case(document: Mapping[str, Any]) -> None:
    """The document as a page."""
    _head(document)
    if document["unreached"]:
        line(_unreached(document["unreached"]))
    for finding in document["mail_findings"]:
        line(f"来信问题：{_finding(finding)}")
    for finding in document["findings"]:
        line(f"整件问题：{_finding(finding)}")
    print_proof(document)
    _rows(document)
    for effect in document["effects"]:
        person = effect["person"]
        who = f"{person['name']} {person['id_number']} {person['phone']}"
        year = f" {effect['year']}年度" if effect["year"] else ""
        line(plain(f"办理事项：{VERBS[Verb(effect['verb'])]}{year} {who}  {EFFECTS[EffectState(effect['state'])]}"))
    for letter in document["letters"]:
        state = LETTERS[EffectState(letter["state"])] + ("（草稿）" if letter["draft"] else "")
        line(f"信件：{letter['key']} → {letter['to']}  {state}")
    for version in document["versions"]:
        line(f"第 {version['version']} 版：邮件 {version['mail']}，{version['at']}，规则 {version['rulebook'][:12]}")
    for text in _redated(document["events"]):
        line(text)
    for event in document["events"]:
        line(plain(f"{event['at']}  {event['kind']}  {event['actor']}  {_detail(event['detail'])}"))


def unreached_json(found: Unreached | None, zone: ZoneInfo) -> Out | None:
    """Why our letters do not reach the sender, and whom to call instead. The number is whole: it is there to be
    dialled."""
    if found is None:
        return None
    at = found.at.astimezone(zone).isoformat(timespec="seconds")
    words: Out = {"letter": found.letter, "to": found.to, "why": found.why, "sure": found.sure, "at": at}
    return words | {"contact": found.contact, "phone": found.phone}


def _unreached(found: Mapping[str, Any]) -> str:
    """One line for whoever has to reach for the telephone."""
    surely = "" if found["sure"] else "可能"
    whom = " ".join(part for part in (found["contact"], found["phone"]) if part) or "名单上没有联系电话"
    return plain(f"联系不上：发给 {found['to']} 的信{surely}被退回（{found['why']}），请打电话：{whom}")


def _redated(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every change of a date that nobody decided, with both dates."""
    for event in events:
        if event["kind"] != REDATED or event["detail"] is None:
            continue
        for change in event["detail"]["dates"]:
            yield f"期限变更：第 {change['items']} 项由 {change['from'] or '未定'} 改为 {change['to']}（{event['at']}）"
        if event["detail"]["was_provisional"] != event["detail"]["provisional"]:
            yield f"期限变更：{'改为暂定' if event['detail']['provisional'] else '不再是暂定'}（{event['at']}）"


def _head(document: Mapping[str, Any]) -> None:
    header = document["header"]
    fields(
        [
            ("登记编号", f"{document['id']}（第 {document['version']} 版，查看号 {document['seen']}）"),
            ("类型", KINDS.get(document["kind"], document["kind"])),
            ("状态", STATES[ItemState(document["state"])]),
            ("核对结果", OUTCOMES[document["outcome"]]),
            ("到期", document["due_at"] or ""),
            ("单位", str(header.get("unit") or "")),
            ("联系人", " ".join(str(header.get(key) or "") for key in ("contact", "contact_phone")).strip()),
            ("税号", str(header.get("tax_id") or "")),
            ("订单号", _several(header.get("order_no"))),
            ("来源", " / ".join(str(v) for v in document["source"].values() if v is not None)),
            ("邮件", _several(document["mails"])),
        ]
    )


def _rows(document: Mapping[str, Any]) -> None:
    numbers = [item["number"] for item in document["items"] if item["number"] and item["kind"] not in NOT_PEOPLE]
    titles = ("项", "行", "序号", "姓名", "身份证号码", "手机号码", "备注", "核对", "状态", "问题")
    rows = [_row(number, row) for number, row in zip(numbers, document["people"], strict=True)]
    if rows:
        table(titles, rows)
    for item in document["items"]:
        if item["number"] == 0:
            line(f"第 0 项（整件事项）：{STATES[ItemState(item['state'])]}")


def _row(number: int, row: Mapping[str, Any]) -> tuple[str, ...]:
    place = f"{row['row']}" + (f"（{row['sheet']}）" if row["sheet"] else "")
    state = STATES[ItemState(row["state"])] + ("（建议通过）" if row["proposed"] else "")
    values = (str(row[key] or "") for key in ("serial", "name", "id_number", "phone", "remark"))
    faults = "；".join(_finding(finding) for finding in row["findings"])
    return (str(number), place, *values, STATUS[RowStatus(row["status"])], state, faults)


def _finding(finding: Mapping[str, Any]) -> str:
    return f"{finding['code']} {finding['message']}"


def _several(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return "、".join(str(one) for one in value) if isinstance(value, Iterable) else str(value)


def _detail(detail: Mapping[str, Any] | None) -> str:
    return "（明细已清除）" if detail is None else "，".join(f"{key}={value}" for key, value in detail.items() if value)
