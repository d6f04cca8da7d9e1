"""From a document to its bytes: its number, a QR code that leads to the thing, and the proof of its fact in the file.

One rule: whoever asks for a document waits for it, and nobody else does: one thread sets them in type.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from mingjing_kernel.documents.document import Document
from mingjing_kernel.documents.typesetting import Template, qr_svg, typeset
from mingjing_kernel.log import Recorded

NOTE: Final = (
    "附件 proof.json 证明本事实在登记日志中，用 check_proof.py 离线核验。 The attached proof can be checked offline."
)
NO_PROOF: Final = "本日志未配置签名密钥，未附存证。 No proof attached: this log signs nothing."
PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


def pdf_answer(content: bytes, name: str) -> Response:
    """The file, under its name."""
    disposition = f"inline; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": disposition})


def printed(
    template: Template,
    document: Document,
    *,
    address: str,
    number: str = "",
    fact: Recorded[Any] | None = None,
    proof: Mapping[str, Any] | None = None,
    fonts: Path | None = None,
) -> bytes:
    """The PDF. ``address`` is where its QR code leads."""
    data = asdict(document) | {
        "number": number,
        "position": fact.position if fact else 0,
        "leaf": str(proof["leaf"]) if proof else "",
        "proof": json.dumps(proof, ensure_ascii=False) if proof else "",
        "proof_note": NOTE if proof else NO_PROOF,
        "address": address,
        "qr": qr_svg(address),
    }
    return typeset(template, data, fonts)


async def pressed(template: Template, document: Document, **said: Any) -> bytes:
    """``printed``, beside the loop: whoever asks for a document waits for it, and nobody else does."""
    return await asyncio.get_running_loop().run_in_executor(_press(), partial(printed, template, document, **said))


@cache
def _press() -> ThreadPoolExecutor:
    """One thread: the compiler takes one document at a time, and waiting ones shall not hold the other threads."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="typesetting")
