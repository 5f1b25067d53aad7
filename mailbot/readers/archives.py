"""Archives opened in memory, members streamed and counted: zip, rar, tar and gzip by libarchive, and 7z.

The format is forced by what the bytes begin with. Left to itself libarchive takes a RAR that ends with a stored
workbook for a zip, and gives the parts of the workbook out as its members. Nothing is ever written, and a member's
name is only a name.
"""

from __future__ import annotations

import locale
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes import create_string_buffer
from dataclasses import replace
from typing import Final

from mailbot.domain.content import RAR, SEVEN_ZIP, TAR, ZIP
from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault
from mailbot.readers.keys import Keys
from mailbot.readers.rars import is_version5, rar_members
from mailbot.readers.sevens import unpack_locked_seven
from mailbot.readers.stream import Listed, Member, Room, Stream, Unpacked
from mailbot.readers.zips import directory

try:
    from libarchive import ArchiveError, ffi
    from libarchive.entry import ArchiveEntry
    from libarchive.read import ArchiveRead, new_archive_read
except (OSError, AttributeError, TypeError) as missing:  # the distribution's library: a mail with an archive must wait,
    MISSING: str | None = f"libarchive: {missing}"  # and not the whole house
else:
    MISSING = None

_BLOCK: Final = 1 << 16
_TAR_END: Final = 512
_ENCRYPTED: Final = 1
_UTF8_NAME: Final = 0x800
_REGULAR: Final = 0o100000
_FOLDER: Final = 0o040000


def unpack(data: bytes, media_type: str, keys: Keys, room: Room) -> Unpacked:
    """The members of an archive of one of `content.ARCHIVES`. All or nothing: an archive that is damaged anywhere, or
    goes beyond its room, gives none.

    Raises `ReadFault`: unreadable, password_needed, bomb, and unsupported where the library is `MISSING`.
    """
    if MISSING:
        raise ReadFault(FaultKind.UNSUPPORTED, MISSING)
    if media_type == ZIP:
        return _unpack_zip(data, keys, room)
    if media_type == SEVEN_ZIP:
        return _unpack_seven(data, keys, room)
    if media_type == RAR:
        return _unpack_rar(data, room)
    stream = Stream(room, len(data))
    return _unpack_tar(data, stream) if media_type == TAR else _unpack_gzip(data, stream)


def _unpack_zip(data: bytes, keys: Keys, room: Room) -> Unpacked:
    infos = directory(data, room.members)
    listed = [Listed(info.file_size, None, bool(info.flag_bits & _UTF8_NAME)) for info in infos]
    if not any(info.flag_bits & _ENCRYPTED for info in infos):
        return _checked(_read(data, "zip", Stream(room, len(data))), listed)
    for key in keys.each():
        for spelled in dict.fromkeys((key.encode(), key.encode("gb18030"))):
            try:
                out = _checked(_read(data, "zip", Stream(room, len(data)), spelled), listed)
            except ReadFault as fault:
                if fault.kind is FaultKind.BOMB:
                    raise
                continue
            keys.opened(key)
            return out
    raise ReadFault(FaultKind.PASSWORD, "encrypted zip")


def _unpack_seven(data: bytes, keys: Keys, room: Room) -> Unpacked:
    try:
        return _read(data, "7zip", Stream(room, len(data)))
    except ReadFault as fault:
        if fault.kind is FaultKind.BOMB:
            raise
        return unpack_locked_seven(data, keys, room, fault)


def _unpack_rar(data: bytes, room: Room) -> Unpacked:
    listed = rar_members(data)
    if len(listed) > room.members:
        raise ReadFault(FaultKind.BOMB, f"{len(listed)} members")
    return _checked(_read(data, "rar5" if is_version5(data) else "rar", Stream(room, len(data))), listed)


def _checked(out: Unpacked, listed: Sequence[Listed]) -> Unpacked:
    """What came out against what the directory lists. Raises `ReadFault` where it is not all of it, and whole."""
    if out.seen != len(listed):
        raise ReadFault(FaultKind.UNREADABLE, f"{out.seen} of {len(listed)} members")
    for member in out.members:
        wanted = listed[member.place]
        if len(member.data) != wanted.size or wanted.crc not in (None, zlib.crc32(member.data)):
            raise ReadFault(FaultKind.UNREADABLE, "a member does not come out whole")
    members = (m if listed[m.place].is_unicode else replace(m, name=likely_chinese(m.name)) for m in out.members)
    return replace(out, members=tuple(members))


def _unpack_tar(data: bytes, stream: Stream) -> Unpacked:
    """One that ends between two members has no mark of its end, and libarchive does not miss it."""
    if any(data[-_TAR_END:]):
        raise ReadFault(FaultKind.UNREADABLE, "tar without its end")
    return _read(data, "tar", stream)


def _unpack_gzip(data: bytes, stream: Stream) -> Unpacked:
    """A tar behind the gzip, or the one file it holds. Its checksum is looked at by zlib; libarchive passes it over."""
    stream.begin("")
    content = b"".join(stream.counted(_inflated(data)))
    if content[257:262] == b"ustar":
        return _unpack_tar(content, stream.again())
    if content:
        stream.keep(Member("", content, 0))
    return stream.end()


def _inflated(data: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    rest = data
    try:
        while not inflater.eof and (block := inflater.decompress(rest, _BLOCK)):
            rest = inflater.unconsumed_tail
            yield block
    except zlib.error as fault:
        raise ReadFault(FaultKind.UNREADABLE, "gzip") from fault
    if not inflater.eof:
        raise ReadFault(FaultKind.UNREADABLE, "gzip ends early")


def _read(data: bytes, format_name: str, stream: Stream, key: bytes | None = None) -> Unpacked:
    """Every member, in order. Raises `ReadFault`."""
    try:
        with _names_in_unicode(), new_archive_read(format_name, "none", key) as archive:
            ffi.read_open_memory(archive, data, len(data))
            for place, entry in enumerate(ArchiveRead(archive, "utf-8")):
                _take(archive, entry, place, stream)
    except ArchiveError as fault:
        raise ReadFault(FaultKind.UNREADABLE, f"{format_name}: {fault.msg}") from fault
    return stream.end()


@contextmanager
def _names_in_unicode() -> Iterator[None]:
    """The library turns names into the charset of the locale, and loses what that does not know."""
    before = locale.setlocale(locale.LC_CTYPE)
    if locale.nl_langinfo(locale.CODESET) != "UTF-8":
        with suppress(locale.Error):  # a system without it: the names are lost, the members are not
            locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _take(archive: int, entry: ArchiveEntry, place: int, stream: Stream) -> None:
    name = _name(entry)
    stream.begin(name)
    if entry.filetype & 0o170000 == _FOLDER or name.endswith("/"):
        return
    if entry.filetype & 0o170000 not in (0, _REGULAR) or entry.islnk:
        stream.leave_out(name)
        return
    content = b"".join(stream.counted(_blocks(archive)))
    if content:
        stream.keep(Member(name, content, place))
    else:
        stream.leave_out(name)


def _blocks(archive: int) -> Iterator[bytes]:
    """What libarchive gives of the member it stands at. Its own Python wrapper goes on behind a warning, which for a
    zip is a wrong checksum."""
    buffer = create_string_buffer(_BLOCK)
    while True:
        count = ffi.read_data(archive, buffer, _BLOCK)
        if count < 0:
            raise ReadFault(FaultKind.UNREADABLE, "checksum")
        if count == 0:
            return
        yield buffer.raw[:count]


def _name(entry: ArchiveEntry) -> str:
    """The name, which is Unicode or bytes of whatever charset the program wrote: UTF-8, else GB18030."""
    name = entry.pathname
    text = name.decode("gb18030", "replace") if isinstance(name, bytes) else name or ""
    return text.replace("\\", "/")


def likely_chinese(name: str) -> str:
    """A name without a charset of its own that reads as UTF-8. One with Latin, Greek or Arabic letters beyond ASCII
    alone is GBK by chance (图 is also ͼ), where it can be read so."""
    strange = [char for char in name if not char.isascii()]
    if not strange or not all(char < "\u0800" for char in strange):
        return name
    try:
        return name.encode().decode("gbk")
    except UnicodeDecodeError:
        return name
