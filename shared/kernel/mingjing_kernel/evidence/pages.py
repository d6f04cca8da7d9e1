"""PDF files (PDF 文件): whether one can be read, and its display copy: pages as pictures, in which nothing runs.

Runs in a worker process, for a document may be made to eat memory or time. The one rule: what is left out of a copy is
said on every page of it, and where time ran out on its last.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_ERR_PASSWORD

from mingjing_kernel.evidence.refusals import EvidenceUnreadable

PAGES_SHOWN_MAX = 40
"""Whoever needs the rest of a longer document takes the original, with a purpose."""
SECONDS_DRAWN_MAX = 25.0
"""Half of what a worker has, for a page under way is drawn to its end."""
PAGE_SIDE_PIXELS = 1_400
QUALITY = 75
_DOTS_AN_INCH = 120.0


@dataclass(frozen=True, slots=True)
class Page:
    """One picture of the copy. ``is_missing``: time ran out, so this page and what follows it are not drawn."""

    image: Image.Image
    number: int
    count: int
    is_missing: bool = False


def require_pages(path: Path) -> None:
    """A document that nobody can open is no evidence of anything. Raises ``EvidenceUnreadable``."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            if len(document) and document[0].get_size():
                return
    except pypdfium2.PdfiumError as refused:
        is_locked = refused.err_code == FPDF_ERR_PASSWORD
        reason = "it asks for a password" if is_locked else "it is damaged or cut off"
        raise EvidenceUnreadable(claimed="application/pdf", reason=reason) from refused
    raise EvidenceUnreadable(claimed="application/pdf", reason="it has no pages")


def pages_of(path: Path) -> Iterator[Page]:
    """Each page that is shown. One at a time: pictures are large."""
    ends = time.monotonic() + SECONDS_DRAWN_MAX
    with pypdfium2.PdfDocument(path) as document:
        count = len(document)
        for number in range(min(count, PAGES_SHOWN_MAX)):
            if number and time.monotonic() > ends:
                yield Page(Image.new("RGB", (PAGE_SIDE_PIXELS, PAGE_SIDE_PIXELS), "white"), number + 1, count, True)
                return
            page = document[number]
            scale = PAGE_SIDE_PIXELS / max(*page.get_size(), 1.0)
            yield Page(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"), number + 1, count)
            page.close()


def bound(pages: Iterator[Image.Image]) -> bytes:
    """The pictures as one document."""
    written = io.BytesIO()
    next(pages).save(written, "PDF", save_all=True, append_images=pages, quality=QUALITY, resolution=_DOTS_AN_INCH)
    return written.getvalue()
