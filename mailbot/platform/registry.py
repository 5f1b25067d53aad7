"""Finding an adapter by its name, and what every adapter is built from. A name that is not there stops the start."""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from mailbot.domain.ports import Clock, Platform, PortError

_PACKAGE = "mailbot.platform"
_DOOR = "open_platform"


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """What an adapter may know of its site. `folder` is the site's storage folder; `password_policy` the Chinese
    wording that letters take; `data` a TOML file with the adapter's own tables instead of the shipped one;
    `options` what one adapter alone understands (an address, a batch size), already checked by the configuration."""

    folder: Path
    clock: Clock
    password_policy: str
    data: Path | None = None
    options: Mapping[str, str] = field(default_factory=dict)


def load(name: str, settings: PlatformSettings) -> Platform:
    """The adapter of that name, opened.

    Raises `PortError` (no retry) for a name nobody answers to, with the names there are, and whatever the adapter
    itself raises when it cannot open.
    """
    doors = _doors()
    if name not in doors:
        close = difflib.get_close_matches(name, doors, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise PortError(f"no platform adapter {name!r}: known are {', '.join(sorted(doors))}{hint}", retry=False)
    return doors[name](settings)


def names() -> tuple[str, ...]:
    """Every adapter there is, sorted."""
    return tuple(sorted(_doors()))


def _doors() -> dict[str, Callable[[PlatformSettings], Platform]]:
    package = import_module(_PACKAGE)
    others = (found.name for found in pkgutil.iter_modules(package.__path__) if found.name != "registry")
    modules = {name: import_module(f"{_PACKAGE}.{name}") for name in others}
    return {name: getattr(module, _DOOR) for name, module in modules.items() if hasattr(module, _DOOR)}
