"""Discovery of kinds: what stands in the room is found, and what is broken there is loud."""

from __future__ import annotations

import pkgutil
import sys
import types
from collections.abc import Mapping

import pytest

from mailbot.casetypes import BrokenKind, kinds
from mailbot.casetypes.roster.kind import RosterKind
from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.domain.forms import Form, Named
from tests.casetypes.support import form, rulebook


def test_every_kind_of_the_room_is_built_from_the_shipped_forms() -> None:
    found = kinds(rulebook().forms)
    assert "roster" in {kind.name for kind in found}
    assert [kind.name for kind in found] == sorted(kind.name for kind in found)


def test_a_missing_form_is_named() -> None:
    forms = rulebook().forms
    for name in ("enquiry", "roster"):
        with pytest.raises(BrokenKind, match=f"casetypes.{name} cannot be built"):
            kinds({key: form for key, form in forms.items() if key != name})


def plant(monkeypatch: pytest.MonkeyPatch, name: str, **members: object) -> None:
    module = types.ModuleType(f"mailbot.casetypes.{name}")
    module.__dict__.update(members)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    info = types.SimpleNamespace(name=name)
    monkeypatch.setattr(pkgutil, "iter_modules", lambda _path: iter([info]))


def test_a_module_without_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "empty")
    with pytest.raises(BrokenKind, match=r"casetypes\.empty has no KIND"):
        kinds({})


def test_a_kind_under_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_: Mapping[str, Form]) -> RosterKind:
        return RosterKind(form())

    plant(monkeypatch, "proof", KIND=build)
    with pytest.raises(BrokenKind, match="calls itself roster"):
        kinds({})


def test_a_module_that_cannot_be_imported_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pkgutil, "iter_modules", lambda _path: iter([types.SimpleNamespace(name="absent")]))
    with pytest.raises(ModuleNotFoundError):
        kinds({})


def test_an_alias_for_two_columns_is_refused() -> None:
    twice = {**form().columns, "name": Named(label="姓名", aliases=("姓名", "手机"))}
    with pytest.raises(ValueError, match="手机"):
        lexicon_of(form().model_copy(update={"columns": twice}))


def test_a_renamed_column_is_one_alias_in_the_form() -> None:
    assert lexicon_of(form()).column("花名") is None
    named = form().columns["name"]
    columns = {**form().columns, "name": named.model_copy(update={"aliases": (*named.aliases, "花名")})}
    assert lexicon_of(form().model_copy(update={"columns": columns})).column(" 花名（必填）") == (
        "name",
        len(named.aliases),
    )
