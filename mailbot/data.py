"""Where the office's data lies that is shipped with the program: rules and letter templates.

A wheel carries them inside the package, a source tree has them at its top level. The folder a command is
started from makes no difference.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def rules_dir() -> Path:
    """The folder of `campaigns/`, `forms/`, `calendar/` and the rule files."""
    return _shipped("rules")


def templates_dir() -> Path:
    """The folder that holds `emails/`."""
    return _shipped("templates")


def _shipped(name: str) -> Path:
    """The wheel's copy first: beside an installed package, a folder of that name belongs to somebody else."""
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"安装不完整：找不到 {name} 目录，请重新安装 mailbot。")
