"""`mailbot draft list|release|cancel`: effects and letters that wait for a person, under one roof."""

from __future__ import annotations

from typing import Annotated

import typer

from mailbot.cli.options import ByOption, JsonOption, LimitOption, ReasonOption
from mailbot.cli.output import as_json, line, moment, table
from mailbot.cli.place import AtOption, ConfigOption, Place, StorageOption, books, place_of
from mailbot.cli.told import effect_json, letter_json
from mailbot.cli.veil import Veil
from mailbot.cli.words import VERBS
from mailbot.desk import Refused
from mailbot.domain.effects import EffectState, Verb
from mailbot.ledger.ledger import Ledger

KeysArgument = Annotated[list[str], typer.Argument(metavar="KEY...", help="keys of letters or effects")]
MaybeKeysArgument = Annotated[
    list[str] | None, typer.Argument(metavar="KEY...", help="keys of letters or effects; or --all")
]
AllOption = Annotated[bool, typer.Option("--all", help="every draft there is")]
_EVERYTHING = 1_000_000
_PLANNED = (EffectState.PLANNED,)


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Effects and letters that wait for a person.")
    group.command("list", help="Everything that waits for a release.")(draft_list)
    group.command("release", help="Let drafts go: effects to the platform, letters to their senders.")(draft_release)
    group.command("cancel", help="Cancel what was never attempted; the rows go back to a person.")(draft_cancel)
    app.add_typer(group, name="draft")


def draft_list(
    limit: LimitOption = 200, *, json: JsonOption = False, config: ConfigOption = None, storage: StorageOption = None
) -> None:
    """List drafts, masked."""
    place, veil = place_of(config, storage), Veil(reveal=False)
    with books(place) as ledger:
        effects = ledger.queries.effects(_PLANNED, draft=True, limit=limit)
        letters = ledger.queries.letters(_PLANNED, draft=True, limit=limit)
    if json:
        as_json(
            {
                "effects": [effect_json(effect, place.zone, veil) for effect in effects],
                "letters": [letter_json(letter, place.zone) for letter in letters],
            }
        )
        return
    rows = [(e.key, VERBS[Verb(e.verb)], veil.person(e.person), moment(e.planned_at, place.zone)) for e in effects]
    rows += [(n.key, f"信件 {'、'.join(n.cases)}", n.to, moment(n.planned_at, place.zone)) for n in letters]
    table(("编号", "事项", "对象", "拟定"), rows)


def draft_release(
    keys: MaybeKeysArgument = None,
    *,
    by: ByOption,
    everything: AllOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """Release drafts."""
    place = place_of(config, storage, at)
    release_keys(place, _meant(place, keys, everything=everything), by)


def draft_cancel(
    keys: MaybeKeysArgument = None,
    *,
    by: ByOption,
    reason: ReasonOption,
    everything: AllOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """Cancel drafts."""
    place = place_of(config, storage, at)
    cancel_keys(place, _meant(place, keys, everything=everything), by, reason)


def release_keys(place: Place, keys: list[str], by: str) -> None:
    """Release these and say what became of them. Raises `Refused` where none could be released."""
    with books(place) as ledger:
        done = ledger.drafts.release(keys, by, place.clock.now())
    _say(done, keys, "已放行", "不是等待放行的草稿")


def cancel_keys(place: Place, keys: list[str], by: str, reason: str) -> None:
    """Cancel these and say what became of them. Raises `Refused` where none could be cancelled."""
    with books(place) as ledger:
        done = ledger.drafts.cancel(keys, by, reason, place.clock.now())
    _say(done, keys, "已取消", "已开始办理或不存在")


def _say(done: int, keys: list[str], word: str, otherwise: str) -> None:
    if not done:
        raise Refused(f"没有可处理的：所列 {len(keys)} 项{otherwise}。")
    left = len(dict.fromkeys(keys)) - done
    line(f"{word} {done} 项" + (f"；另有 {left} 项{otherwise}，未动。" if left else "。"))


def _meant(place: Place, keys: list[str] | None, *, everything: bool) -> list[str]:
    if bool(keys) == everything:
        raise typer.BadParameter("name the keys, or say --all")
    if keys:
        return keys
    with books(place) as ledger:
        return _all(ledger)


def _all(ledger: Ledger) -> list[str]:
    effects = ledger.queries.effects(_PLANNED, draft=True, limit=_EVERYTHING)
    letters = ledger.queries.letters(_PLANNED, draft=True, limit=_EVERYTHING)
    return [effect.key for effect in effects] + [letter.key for letter in letters]
