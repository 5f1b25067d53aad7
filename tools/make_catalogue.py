"""Writes `docs/catalogue.md`: rules, facts, states, limits, campaigns, letters and settings, as they ship.

python -m tools.make_catalogue            write the page
python -m tools.make_catalogue --check    fail when the page differs from what would be written
"""

import argparse
import sys
from pathlib import Path

from mailbot.casetypes import kinds
from mailbot.data import rules_dir, templates_dir
from mailbot.domain.facts.mail import MAIL
from mailbot.rulebook import Rulebook, RulebookError, load, read_forms
from mailbot.rulebook.catalogue import catalogue
from mailbot.rulebook.texts import problems_text
from tools.settings_page import settings_section

PAGE = Path(__file__).resolve().parent.parent / "docs" / "catalogue.md"


def shipped() -> Rulebook:
    """The rulebook that ships, with every record that any kind of case brings. Raises `RulebookError`."""
    found = kinds(read_forms(rules_dir()))
    vocabularies = [MAIL, *(vocabulary for kind in found for vocabulary in kind.vocabularies)]
    return load(rules_dir(), vocabularies, templates_dir(), kinds=[kind.name for kind in found])


def main(arguments: list[str] | None = None, page: Path = PAGE) -> int:
    """Write or check; the exit code is 1 when a check finds a difference or the rules are bad."""
    parser = argparse.ArgumentParser(
        description="Write docs/catalogue.md from rules/, templates/ and the vocabularies."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    checking = parser.parse_args(arguments).check
    try:
        text = catalogue(shipped()) + settings_section()
    except RulebookError as error:
        print(problems_text(error))
        return 1
    if page.is_file() and page.read_text("utf-8") == text:
        return 0
    if checking:
        print(f"make_catalogue: {page.name} is not what tools/make_catalogue.py writes; run make docs")
        return 1
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8")
    print(f"make_catalogue: wrote {page.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
