"""One picture decoded within its limits and written anew as plain PNG or JPEG: what the child of a darkroom runs.

Whatever the file claims to be, only the formats named here are tried, its size is judged before it is decoded, and
nothing but its pixels goes on.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable, Mapping
from typing import Final

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits, PictureLimits
from mailbot.domain.scan import PictureRef, Plate, ScanFault
from mailbot.opening import picture_in
from mailbot.sight_find import PDF, TIFF, Held, page_images

try:
    import pillow_heif
except ImportError:  # an optional extra: without it a HEIC photo is for a person
    HEIC = False
else:
    pillow_heif.register_heif_opener()
    HEIC = True

_FORMATS: Final[Mapping[str, str]] = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    TIFF: "TIFF",
}
_LOSSY: Final = frozenset({"image/jpeg", "image/webp", "image/heic", "image/heif"})
_BROKEN: Final = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    pypdfium2.PdfiumError,
)
"""What Pillow's parsers raise on broken bytes."""
_QUALITY: Final = 95
_WHITE: Final = (255, 255, 255)
_POINTS: Final = 72


class _Refused(Exception):
    """A picture that is not decoded, and why."""

    def __init__(self, fault: ScanFault, detail: str) -> None:
        super().__init__(detail)
        self.fault: ScanFault = fault


def wanted_of(raw: bytes) -> tuple[PictureRef, bytes]:
    """The picture that is asked for, and the mail behind it. Raises `ValidationError` for what nobody asked."""
    head, _, mail = raw.partition(b"\n")
    return PictureRef.model_validate_json(head), mail


def develop(raw: bytes, limits: Limits, skip: Mapping[int, FaultKind], progress: Callable[[int], None]) -> Plate:
    """A `Target` of the sandbox: `raw` is the picture's reference as a line of JSON, and the mail behind it."""
    del skip
    wanted, mail = wanted_of(raw)
    progress(wanted.number)
    held = picture_in(mail, limits, wanted)
    if held is None:
        return Plate(fault="unreadable", detail="not found in the mail")
    return plate(held, limits.picture)


def plate(held: Held, limits: PictureLimits) -> Plate:
    """The picture as plain bytes, or why not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd marks beside the pixels
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _page(held, limits) if held.ref.type == PDF else _picture(held, limits)
            return Plate(data=_written(picture, held.ref.type, limits))
    except _Refused as refused:
        return Plate(fault=refused.fault, detail=str(refused))
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        return Plate(fault="too_large", detail=type(fault).__name__)
    except _BROKEN as fault:
        return Plate(fault="unreadable", detail=type(fault).__name__)


def _picture(held: Held, limits: PictureLimits) -> Image.Image:
    """The first frame, or the one asked for, upright and without transparency."""
    kind = _FORMATS.get(held.ref.type)
    if kind is None or (kind == "HEIF" and not HEIC):
        raise _Refused("unsupported", held.ref.type)
    Image.MAX_IMAGE_PIXELS = limits.pixels
    with Image.open(io.BytesIO(held.data), formats=(kind,)) as opened:
        if held.ref.page is not None:
            opened.seek(held.ref.page - 1)
        _judge(*opened.size, limits)
        opened.load()
        return _opaque(ImageOps.exif_transpose(opened))


def _judge(width: int, height: int, limits: PictureLimits) -> None:
    """Raises `_Refused` for a size that is not decoded."""
    if width * height > limits.pixels or max(width, height) > limits.side:
        raise _Refused("too_large", f"{width}x{height}")
    if min(width, height) < limits.least_side:
        raise _Refused("too_small", f"{width}x{height}")


def _opaque(picture: Image.Image) -> Image.Image:
    """In grey or RGB; what is seen through shows white, as it does on paper."""
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode.startswith(("I", "F")):
        return _stretched(picture)
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        paper = Image.new("RGB", seen.size, _WHITE)
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    return picture.convert("L" if picture.mode in ("1", "LA") else "RGB")


def _stretched(picture: Image.Image) -> Image.Image:
    """A picture of more than 8 bits a pixel, its darkest point black and its lightest white."""
    deep = picture.convert("F")
    low, high = deep.getextrema()
    if not (isinstance(low, float) and isinstance(high, float)):
        raise _Refused("unsupported", picture.mode)
    scale = 255.0 / (high - low) if high > low else 0.0
    return deep.point(lambda value: value * scale - low * scale).convert("L")


def _page(held: Held, limits: PictureLimits) -> Image.Image:
    """A page of a PDF drawn, or one of the pictures that stand on it."""
    with pypdfium2.PdfDocument(held.data) as file:
        page = file[(held.ref.page or 1) - 1]
        if held.embedded is not None:
            image = next(one for place, one in enumerate(page_images(page)) if place == held.embedded)
            width, height = image.get_px_size()
            _judge(width, height, limits)
            return _opaque(image.get_bitmap(render=False).to_pil())
        longest = max(page.get_size())
        if longest <= 0:
            raise _Refused("unreadable", "a page without size")
        scale = min(limits.page_dpi / _POINTS, limits.page_side / longest)
        return _opaque(page.render(scale=scale).to_pil())


def _written(picture: Image.Image, kind: str, limits: PictureLimits) -> bytes:
    """The pixels alone. What was lossy stays JPEG, at a quality at which nothing more is lost to the eye."""
    plain = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    if kind not in _LOSSY:
        plain.save(out, "PNG", compress_level=1)
        if out.tell() <= limits.jpeg_bytes:
            return out.getvalue()
        out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def warm_up(limits: Limits) -> None:
    """Decodes and writes a small picture once, so that Pillow's plug-ins are loaded before any child is forked."""
    side = limits.picture.least_side
    for kind, name in _FORMATS.items():
        if name == "HEIF":
            continue
        out = io.BytesIO()
        Image.new("RGB", (side, side), _WHITE).save(out, name)
        ref = PictureRef(number=1, sha256="", size=out.tell(), type=kind, name="")
        plate(Held(ref, out.getvalue()), limits.picture)
