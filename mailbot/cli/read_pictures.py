"""What stands on the pictures of a file: lines and fields with who read them, and the boxes drawn for looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import typer

from mailbot.assembly import can_read, sight
from mailbot.cli.output import line, plain
from mailbot.cli.veil import Veil
from mailbot.clock import SystemClock
from mailbot.domain.document import Opened
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.domain.scan import PictureRef, Plate, Scan, SeenField
from mailbot.sight import Kept, Room, shown
from mailbot.sight_boxes import with_boxes


@dataclass
class Nothing:
    """The memory of a look that leaves nothing behind."""

    def known(self, sha256s: Sequence[str], engine: str | None) -> Mapping[str, Kept]:
        """Nothing was read before."""
        del sha256s, engine
        return {}

    def keep(self, scan: Scan, tries: int, now: datetime) -> None:
        """Nothing is kept."""
        del scan, tries, now


@dataclass
class Album:
    """A darkroom whose pictures are kept, by their own bytes, to draw on."""

    room: Room
    plates: dict[str, bytes] = field(default_factory=dict)

    def develop(self, raw: bytes, wanted: PictureRef) -> Plate:
        """As the darkroom."""
        plate = self.room.develop(raw, wanted)
        self.plates[wanted.sha256] = plate.data
        return plate


def read_pictures(raw: bytes, opened: Opened, limits: Limits, veil: Veil, boxes: Path | None) -> bool:
    """Print what the pictures of a mail show, and draw it into `boxes`; whether all of them could be read."""
    wanted = shown(opened.pictures)
    if not wanted:
        return True
    if not can_read():
        line(f"图片 {len(wanted)} 张：没有安装识读程序，未识读")
        return True
    with sight(limits, Nothing(), SystemClock()) as found:
        album = Album(found.room)
        try:
            scans = found.through(album).look(raw, opened).scans
        except PortError as fault:
            line(f"图片未能识读：{plain(str(fault))}")
            return False
    for scan in scans:
        print_scan(scan, veil)
    if boxes is not None:
        _draw([scan for scan in scans if scan.fault is None], album.plates, boxes)
    return all(scan.fault is None for scan in scans)


def print_scan(scan: Scan, veil: Veil) -> None:
    """One picture: where it stands, what it shows, its fields with their evidence, its lines."""
    page = "" if scan.page is None else f" 第 {scan.page} 页"
    line(f"图片 {scan.number}.{scan.index}{page}（{scan.kind}，{scan.width}×{scan.height}，转 {scan.turned} 度）")
    if scan.fault is not None:
        line(f"  无法识读：{scan.fault} {plain(veil.text(scan.detail))}")
    for group in scan.groups:
        for one in group.fields:
            line(f"  {group.about}{group.number}.{one.name} = {_field(one, veil)}")
    for row in scan.lines:
        line(f"  [{row.confidence:.2f}] {plain(veil.text(row.text))}")


def _field(one: SeenField, veil: Veil) -> str:
    value = "不清" if one.value is None else f"“{plain(str(veil.value(one.value, one.name)))}”"
    by = "、".join(f"{reading.engine} {reading.confidence:.2f}" for reading in one.readings)
    marks = [f"置信度 {one.confidence:.2f}", *([by] if by else []), *(["两种识读一致"] if one.agreed else [])]
    marks += [f"校验通过 {'、'.join(one.checks)}"] if one.checks else []
    marks += [f"校验不符 {'、'.join(one.failed)}"] if one.failed else []
    return f"{value}（{'；'.join(marks)}）"


def _draw(scans: Sequence[Scan], plates: Mapping[str, bytes], boxes: Path) -> None:
    """The first picture into the file that is named, further ones beside it under a number."""
    for number, scan in enumerate(scans, start=1):
        path = boxes if number == 1 else boxes.with_stem(f"{boxes.stem}-{number}")
        try:
            path.write_bytes(with_boxes(plates[scan.sha256], scan))
        except OSError as fault:
            raise typer.BadParameter(f"{path}: {fault.strerror or 'no picture'}") from None
        line(f"已画出：{path}")
