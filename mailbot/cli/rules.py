"""`mailbot rules check|list|facts`: the office's policy, checked and shown, in Chinese."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import SiteFacts, facts_of, open_rules
from mailbot.cli.exits import ExitCode
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption
from mailbot.cli.rehearsal import rehearsal_site
from mailbot.config import load_settings
from mailbot.desk import Refused
from mailbot.rulebook import Rulebook, RulebookError
from mailbot.rulebook.texts import check_text, facts_text, list_text, problems_text

RulesOption = Annotated[Path | None, typer.Option("--rules", help="another rules folder, as to try a change")]
RecordArgument = Annotated[str | None, typer.Argument(metavar="RECORD", help="only this record, like row")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The rules: check, list, facts.")
    group.command("check", help="Everything that is wrong with the rules, with file and line; exit code 4.")(check)
    group.command("list", help="Every rule, its condition and its words.")(rules_list)
    group.command("facts", help="The facts that rules may name.")(facts)
    app.add_typer(group, name="rules")


def check(rules: RulesOption = None, config: ConfigOption = None) -> None:
    """Check; nothing is put in force."""
    try:
        line(check_text(_rulebook(rules, config)))
    except RulebookError as error:
        line(problems_text(error))
        raise typer.Exit(ExitCode.RULES) from None


def rules_list(record: RecordArgument = None, rules: RulesOption = None, config: ConfigOption = None) -> None:
    """List rules."""
    book = _rulebook(rules, config)
    line(list_text(book, _known(book, record)))


def facts(record: RecordArgument = None, rules: RulesOption = None, config: ConfigOption = None) -> None:
    """List facts."""
    book = _rulebook(rules, config)
    line(facts_text(book, _known(book, record)))


def site_facts(config: Path | None) -> SiteFacts:
    """The site of a settings file, else the shipped rules and templates. Needs no secret and no storage."""
    if config is None:
        return rehearsal_site(None, Path(), {}, caps=False)
    return facts_of(load_settings(config))


def _rulebook(rules: Path | None, config: Path | None) -> Rulebook:
    site = site_facts(config)
    folder = rules or site.rules
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder")
    return open_rules(replace(site, rules=folder)).current


def _known(book: Rulebook, record: str | None) -> str | None:
    if record is not None and record not in book.vocabularies:
        raise Refused(f"不认识的记录 {record}；有的是：{'、'.join(book.vocabularies)}。")
    return record
