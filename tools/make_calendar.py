"""Writes `rules/calendar/YYYY.toml`, the office's days, from the `chinesecalendar` package.

    python -m tools.make_calendar            write the files
    python -m tools.make_calendar --check    fail when a file differs from what would be written

The package follows the State Council's yearly notice. A new year takes three steps: a package version that
knows it, the notice's number in `NOTICES`, and this command.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

import chinese_calendar

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "calendar"

# Year -> document numbers: the yearly notice, then what changed it.
NOTICES: dict[int, tuple[str, ...]] = {
    2019: ("国办发明电〔2018〕15号", "国办发明电〔2019〕3号（调整劳动节假期）"),
    2020: ("国办发明电〔2019〕16号", "国办发明电〔2020〕1号（延长春节假期）"),
    2021: ("国办发明电〔2020〕27号",),
    2022: ("国办发明电〔2021〕11号",),
    2023: ("国办发明电〔2022〕16号",),
    2024: ("国办发明电〔2023〕7号",),
    2025: ("国办发明电〔2024〕12号",),
    2026: ("国办发明电〔2025〕7号",),
}

HEADER = """\
# {year} 年工作日历：法定节假日（含调休放假）与调休上班日。
# 未列出的日子：周一至周五上班，周六、周日休息。
# 来历：tools/make_calendar.py 由 chinesecalendar 生成，测试逐日核对；在源码库中请改生成程序，不改本文件。
# 谁可以改：国务院办公厅临时调整时，单位可由两人对照通知原文修改所部署的这一份，并在 source 补写文号。
"""


def chinese_name(english: str) -> str:
    """The holiday's name as the notice has it, from the package's own table."""
    return next(str(holiday.chinese) for holiday in chinese_calendar.Holiday if holiday.value == english)


def table(title: str, days: dict[date, str], year: int, suffix: str) -> list[str]:
    """One TOML table, a line per day of that year, in order."""
    lines = [
        f'{day.isoformat()} = "{chinese_name(name)}{suffix}"' for day, name in sorted(days.items()) if day.year == year
    ]
    return ["", f"[{title}]", *lines]


def calendar_text(year: int) -> str:
    """The whole file of one year."""
    source = f"国务院办公厅关于{year}年部分节假日安排的通知（{'；'.join(NOTICES[year])}）"
    lines = [
        HEADER.format(year=year),
        f"year = {year}",
        f'source = "{source}"',
        *table("days_off", chinese_calendar.holidays, year, ""),
        *table("working_weekends", chinese_calendar.workdays, year, "调休"),
    ]
    return "\n".join(lines) + "\n"


def stale(folder: Path) -> list[Path]:
    """The files that are missing or differ from what would be written."""
    return [
        path
        for year in NOTICES
        if not (path := folder / f"{year}.toml").is_file() or path.read_text("utf-8") != calendar_text(year)
    ]


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Write or check; the exit code is 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description="Write rules/calendar/*.toml from chinesecalendar.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    checking = parser.parse_args(arguments).check
    different = stale(folder)
    for path in different:
        if checking:
            print(f"make_calendar: {path.name} is not what tools/make_calendar.py writes; run make docs")
        else:
            path.write_text(calendar_text(int(path.stem)), encoding="utf-8")
            print(f"make_calendar: wrote {path.name}")
    return 1 if checking and different else 0


if __name__ == "__main__":
    sys.exit(main())
