"""Setting documents in type (typst), with the fonts of a wheel or of a folder that the operator names.

One rule: a template gets data and nothing else. It reads no file outside its folder and asks nobody on the network.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pylopdf_fonts_zh_cn
import segno
import typst

Template: TypeAlias = Literal["official", "certificate", "poster"]
_TEMPLATES = Path(str(files("mingjing_kernel.documents").joinpath("templates")))


def typeset(template: Template, data: Mapping[str, Any], fonts: Path | None = None) -> bytes:
    """The PDF; the same data gives the same bytes.

    ``fonts``: a folder with the operator's own faces (方正小标宋, 仿宋), which go before the wheel's.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    path = _TEMPLATES / f"{template}.typ"
    made = _compiler(fonts).compile(input=str(path), format="pdf", sys_inputs=inputs, timestamp=0)
    assert isinstance(made, bytes), "without a path typst answers with the file"
    return made


def qr_svg(address: str, *, scale: int = 4) -> str:
    """A QR code for a door or a page; error correction M survives a torn corner."""
    code = segno.make(address, error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", scale=scale, border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


@cache
def _compiler(folder: Path | None) -> typst.Compiler:
    own = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    paths = [str(path) for path in ((folder, own) if folder else (own,))]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    return typst.Compiler(root=str(_TEMPLATES), font_paths=fonts)
