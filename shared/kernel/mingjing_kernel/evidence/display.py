"""The display copy (展示副本): smaller, without camera data or scripts, with a watermark that says who looked and when.

Runs in a worker process. The one rule: the original is read and never written; a copy that leaks leads to whoever it
was made for.
"""

from __future__ import annotations

import functools
import io
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pi_heif import register_heif_opener
from PIL import Image, ImageDraw, ImageFont, ImageOps

from mingjing_kernel.evidence.media import IMAGE_PIXELS_MAX
from mingjing_kernel.evidence.pages import PAGES_SHOWN_MAX, bound, pages_of
from mingjing_kernel.evidence.refusals import NoDisplayCopy

register_heif_opener(thumbnails=False)
SIDE_PIXELS_MAX = 1_600
QUALITY = 82
TEXT_SHARE = 40
"""The text's height is this part of the longer side."""
TEXT_PIXELS_MIN = 12
OPACITY = 70
"""Of 255: readable, and what is under it stays so."""
_FONT_SECONDS_MAX = 5
_FONT_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
)


@dataclass(frozen=True, slots=True)
class DisplayCopy:
    """A JPEG, or a PDF of pictures. ``is_chinese`` is false when no font with Chinese characters was found and they
    were left out.
    """

    content: bytes
    media_type: str
    is_chinese: bool


def draw_copy(path: Path, media_type: str, lines: Sequence[str], font_file: str = "") -> DisplayCopy:
    """The copy of an image or a document, with these lines all over it.

    Raises ``NoDisplayCopy`` for what was kept before its type was decoded on its way in, and cannot be.
    """
    try:
        return _drawn(path, media_type, lines, font_file)
    except (OSError, ValueError, SyntaxError, RuntimeError, Image.DecompressionBombError) as damaged:
        raise NoDisplayCopy(media_type=media_type) from damaged


def _drawn(path: Path, media_type: str, lines: Sequence[str], font_file: str) -> DisplayCopy:
    chosen = font_file or chinese_font()
    if media_type == "application/pdf":
        return DisplayCopy(bound(_marked_pages(path, lines, chosen)), media_type, is_chinese=bool(chosen))
    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS_MAX
    with Image.open(path, formats=("JPEG", "PNG", "WEBP", "HEIF")) as original:
        original.draft("RGB", (SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
        turned = ImageOps.exif_transpose(original)
        turned.thumbnail((SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
        shown = _on_white(turned)
    marked = _signed(shown, lines, chosen)
    written = io.BytesIO()
    marked.save(written, "JPEG", quality=QUALITY)  # a new picture: nothing of the camera's data comes along
    return DisplayCopy(written.getvalue(), "image/jpeg", is_chinese=bool(chosen))


@functools.cache
def chinese_font() -> str:
    """A font file of this machine that has Chinese characters; empty when there is none."""
    asked = shutil.which("fc-match")
    if asked:
        command = [asked, "-f", "%{file}\n%{lang}", "sans:lang=zh-cn"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=_FONT_SECONDS_MAX, check=False)
        file, _, languages = said.stdout.partition("\n")
        if "zh-cn" in languages and Path(file).is_file():
            return file
    return next((place for place in _FONT_PLACES if Path(place).is_file()), "")


def _marked_pages(path: Path, lines: Sequence[str], chosen: str) -> Iterator[Image.Image]:
    for page in pages_of(path):
        here = f"第 {page.number} 页 page {page.number} / {page.count}{_left_out(page.count)}"
        cut = ["绘制超时，自本页起见原件 drawing took too long: from this page on see the original"] * page.is_missing
        yield _signed(page.image, [*lines, here, *cut], chosen)


def _left_out(count: int) -> str:
    return f"，副本只有前 {PAGES_SHOWN_MAX} 页 first {PAGES_SHOWN_MAX} only" if count > PAGES_SHOWN_MAX else ""


def _signed(image: Image.Image, lines: Sequence[str], chosen: str) -> Image.Image:
    words = list(lines) if chosen else [_ascii(line) for line in lines]
    return _marked(image, words, _font(chosen, max(image.size)))


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency: what hides in it must not show elsewhere and not here."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image.convert("RGB")


def _font(file: str, side: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    size = max(TEXT_PIXELS_MIN, side // TEXT_SHARE)
    return ImageFont.truetype(file, size) if file else ImageFont.load_default(size)


def _ascii(line: str) -> str:
    return line.encode("ascii", "ignore").decode().strip()


def _marked(
    image: Image.Image, lines: Sequence[str], font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> Image.Image:
    """The lines aslant, again and again: none can be cut away without cutting the picture."""
    text = "\n".join(lines)
    left, top, right, bottom = ImageDraw.Draw(image).multiline_textbbox((0, 0), text, font=font, spacing=4)
    tile = Image.new("RGBA", (round(right - left) + 60, round(bottom - top) + 60))
    pen = ImageDraw.Draw(tile)
    for offset, colour in (((31, 31), (0, 0, 0, OPACITY)), ((30, 30), (255, 255, 255, OPACITY))):
        pen.multiline_text(offset, text, font=font, fill=colour, spacing=4)
    slanted = tile.rotate(20, expand=True)
    layer = Image.new("RGBA", image.size)
    for y in range(-slanted.height // 2, image.height, slanted.height):
        for x in range(-slanted.width // 4, image.width, slanted.width):
            layer.alpha_composite(*_inside(slanted, x, y))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _inside(tile: Image.Image, x: int, y: int) -> tuple[Image.Image, tuple[int, int]]:
    """A tile that begins left of or above the picture, cut to what is within."""
    cut = tile.crop((max(0, -x), max(0, -y), tile.width, tile.height))
    return cut, (max(0, x), max(0, y))
