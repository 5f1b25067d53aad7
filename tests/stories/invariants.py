"""What must hold of every mail of every story, whatever its truth: each breach as one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

from mailbot import contract
from tests.stories.leaks import formulas_of, letter, texts_of, whole_numbers
from tools.stories.check import differences
from tools.stories.golden import golden, without_nulls
from tools.stories.tomls import dump
from tools.stories.tree import Told

Json = dict[str, Any]


def mask(number: str) -> str:
    return f"{number[:3]}…{number[-2:]}"


def wrong_truth(story: Told, told: list[Json]) -> Iterator[str]:
    """What of the declared truth does not hold."""
    for mail, line in zip(story.mails, told, strict=True):
        yield from (f"{mail['file']}: {what}" for what in differences(mail["truth"][0], line))
        contract.Line.model_validate(line)
        if line["repeat"]:
            yield f"{mail['file']}: the first run says that it is a repetition"


def wrong_golden(story: Told, told: list[Json]) -> Iterator[str]:
    """Which golden lines differ; the diff of `expect` shows how."""
    expected = story.expected()
    if len(expected) != len(told):
        yield f"{len(expected)} golden lines"
        return
    for wanted, line in zip(expected, told, strict=True):
        now = without_nulls(golden(line))
        assert isinstance(now, dict)
        if now != wanted:
            before, after = (dump(one).splitlines() for one in (wanted, now))
            yield "\n".join(unified_diff(before, after, story.name, line["file"][-8:], n=0, lineterm=""))


def wrong_world(told: list[Json]) -> Iterator[str]:
    """Whatever the mails were: nobody's account is opened twice, no phone opens two, and only approved rows act."""
    done = [
        effect
        for line in told
        for case in line["cases"]
        for effect in case["effects"]
        if effect["verb"] == "open_account" and effect["state"] == "done"
    ]
    by_case = {(effect["key"], effect["person"]["id_number"], effect["person"]["phone"]) for effect in done}
    for what, place in (("person", 1), ("phone", 2)):
        counts = Counter(entry[place] for entry in by_case)
        yield from (f"two accounts for one {what}: {mask(value)}" for value, count in counts.items() if count > 1)
    for case in (case for line in told for case in line["cases"]):
        yield from wrong_effects(case)


def wrong_effects(case: Json) -> Iterator[str]:
    waiting = {(person["row"], person["panel"]) for person in case["people"] if person["status"] in ("ask", "hold")}
    rows = Counter(row for row, _panel in waiting)
    panels = Counter(person["row"] for person in case["people"])
    for effect in case["effects"]:
        if effect["state"] == "done" and rows[effect["row"]] == panels[effect["row"]]:
            yield f"row {effect['row']} waits and was acted upon"
    if case["outcome"] in ("ask", "hold") and any(effect["state"] == "done" for effect in case["effects"]):
        yield "a case that stands was acted upon"


def wrong_letters(line: Json, out: Path) -> Iterator[str]:
    """Every letter: one recipient, ours as sender, marked as automatic, nothing whole in it, nothing alive in it."""
    acknowledged = line["state"] == "set_aside" and [r["template"] for r in line["replies"]] == ["mail/received"]
    if line["state"] != "done" and line["replies"] and not acknowledged:
        yield "a letter to a mail without a case"
    if len(line["replies"]) > 1:
        yield "more than one letter for one mail and pass"
    for reply in line["replies"]:
        message = letter(out / reply["file"])
        if [address.addr_spec for address in message["To"].addresses] != reply["to"] or len(reply["to"]) != 1:
            yield f"a letter to {message['To']}"
        if len(message.get_all("To") or ()) != 1 or message["Bcc"] or message["Cc"]:
            yield "a letter with more recipients than one"
        if message["Auto-Submitted"] not in ("auto-replied", "auto-generated"):
            yield "a letter that does not say that it is automatic"
        if "\n" in str(message["Subject"]) or message.defects:
            yield "a letter that is no clean mail"
        yield from (f"a letter shows {mask(number)}" for text in texts_of(message) for number in whole_numbers(text))
        for part in message.iter_attachments():
            yield from (f"a live formula in {cell}" for cell in formulas_of(part.get_content()))


def wrong_again(told: list[Json], again: list[Json]) -> Iterator[str]:
    """A second run tells the stored lines."""
    for first, second in zip(told, again, strict=True):
        contract.Line.model_validate(second)
        if not second["repeat"]:
            yield f"{second['file'][-6:]}: the second run does not say that it is a repetition"
        for key in ("sha256", "received_at", "marks", "state", "duplicate_of"):
            if first[key] != second[key]:
                yield f"{key} became {second[key]} in the second run"
        shape = [
            [(c["id"], c["state"], c["outcome"], len(c["people"]), c["due_at"]) for c in line["cases"]]
            for line in (first, second)
        ]
        if shape[0] != shape[1] or len(first["replies"]) != len(second["replies"]):
            yield "the second run tells other cases or letters"
