"""The case in words: one HTML page without script, Chinese with English beside it, that opens on any machine.

The one rule: it is for reading only. What is proved stands in ``proofs/``; the page says so on its first line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from mingjing_kernel.clock import SHANGHAI

if TYPE_CHECKING:
    from mingjing_kernel.audit.case_file import Part
    from mingjing_kernel.audit.case_search import Case

_STYLE = (
    "body{font:15px/1.6 sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}small{color:#555}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}code{font-size:.85em}"
)


def summary(
    case: Case,
    parts: Sequence[Part],
    made_at: datetime,
    evidence: Sequence[str],
    missing: Sequence[str],
    left_out: Sequence[str],
) -> str:
    """The whole page."""
    title = f"案件文件 Case file · {case.kind} {case.id}"
    body = [
        f"<h1>{escape(title)}</h1>",
        _paragraph(
            "本页仅供阅读；证明在 proofs/ 中，用 check_proof.py 核验。请从出具机关另行取得公钥与核验程序的摘要。",
            "This page is for reading; the proofs are in proofs/ and checked with check_proof.py. Get the public keys, "
            "and the digest of the verifier, from the authority by another way.",
        ),
        f"<pre>python check_proof.py CASE.zip {escape(' '.join(f'--key {part.vkeys[0]}' for part in parts))}</pre>",
        _paragraph(f"出具于 {_moment(made_at)}（北京时间）", f"made {made_at.isoformat()}"),
        *_entries(parts),
        *_list("证据 Evidence", [f"evidence/{digest}" for digest in evidence]),
        *_list("有摘要而无文件 Digests whose file is not at hand", missing),
        *_list("引用的规则 Rules cited", [f"{part.service}: {rule}" for part in parts for rule in part.rules]),
        *_list("未收入 Left out", left_out),
        *_list("检查点 Checkpoints", [part.proofs[0]["checkpoint"] for part in parts]),
    ]
    head = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title>'
    return f"{head}<style>{_STYLE}</style>{''.join(body)}</html>\n"


def _entries(parts: Sequence[Part]) -> Iterator[str]:
    rows = sorted(
        ((proof["entry"]["recorded_micros"], part.service, proof["entry"]) for part in parts for proof in part.proofs),
        key=lambda row: (row[0], row[1], row[2]["position"]),
    )
    yield f"<h2>记录 Entries <small>{len(rows)}</small></h2><table><tr><th>时间 Recorded<th>位置 Position"
    yield "<th>事实 Fact<th>何人何由 By whom, why<th>内容 Content"
    for _, service, entry in rows:
        meta = _json(entry["meta"])
        who = " · ".join(
            str(meta[name])
            for name in ("actor", "department", "on_behalf_of", "reason", "legal_basis")
            if meta.get(name)
        )
        content = json.dumps(_json(entry["data"]), ensure_ascii=False, indent=1)
        yield (
            f"<tr><td>{_moment(datetime.fromisoformat(entry['recorded_at']))}"
            f"<td>{escape(service)}/{entry['position']}<br><small>{escape(entry['stream'])} v{entry['version']}</small>"
            f"<td>{escape(entry['type'])}<td>{escape(who)}<td><pre>{escape(content)}</pre>"
        )
    yield "</table>"


def _json(content: Mapping[str, str]) -> Any:
    return json.loads(content["text"]) if "text" in content else dict(content)


def _list(heading: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    return [f"<h2>{heading}</h2><ul>", *(f"<li><pre>{escape(item)}</pre>" for item in items), "</ul>"]


def _paragraph(zh: str, en: str) -> str:
    return f'<p>{escape(zh)} <small lang="en">{escape(en)}</small></p>'


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
