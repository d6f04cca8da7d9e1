"""Receipt (回执): whether a filing is on record, and whether a receipt proves what somebody holds."""

from __future__ import annotations

import json
from typing import Any

from htpy import Node, b, button, code, form, h2, input, p, pre, section, small, textarea

from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_kernel.audit.check_proof import Checked

TITLE = ("查验回执", "Check a receipt")


def question(number: str) -> Node:
    """The number of a receipt."""
    return form(".search", method="get", action="/receipts")[
        input(
            name="number",
            value=number,
            placeholder="回执编号 Number of the receipt",
            aria_label="回执编号 Number of the receipt",
            maxlength="40",
            required=True,
        ),
        button(type="submit")[both("查询", "Search")],
    ]


def standing(answer: Answer) -> Node:
    """Whether the entry stands under a checkpoint yet."""
    if not answer.is_there:
        return (
            section[p["没有这个编号的回执。 There is no receipt of this number."]]
            if answer.status in (404, 422)
            else (trouble(answer))
        )
    receipt: dict[str, Any] = answer.body
    is_proved = "proof" in receipt
    entry = receipt["proof"]["entry"] if is_proved else receipt["entry"]
    verdict = tag("good", "已入存证", "Proved") if is_proved else tag("warn", "已签承诺", "Promised")
    return section[
        h2[verdict],
        p[f"{day(entry['recorded_at'])} · {receipt['log']} · ", b[f"第 {entry['position']} 条 entry"]],
        p[
            "请把下面的内容与您最初的回执（其中有盐值）一并保存。",
            small(lang="en")[" Keep this together with your first receipt, which holds the salt."],
        ],
        pre[code[json.dumps(receipt, ensure_ascii=False, indent=1)]],
    ]


def check_form() -> Node:
    """Paste a receipt, and what was filed."""
    return section[
        h2[both("核验内容", "Check what was filed")],
        form(method="post", action="/receipts")[
            p[
                textarea(
                    name="receipt",
                    rows="6",
                    required=True,
                    aria_label="回执 Receipt (JSON)",
                    placeholder="回执 Receipt",
                )
            ],
            p[
                textarea(
                    name="filed",
                    rows="4",
                    aria_label="提交的内容 What was filed (JSON)",
                    placeholder="提交的内容 Filing",
                )
            ],
            button(type="submit")[both("核验", "Check")],
        ],
        p(".soft")[
            "本页只是方便之用。不必相信本系统：用 check_proof.py 和另行取得的公钥，可离线核验。",
            small(lang="en")[
                " This page is a convenience. You need not trust it: check_proof.py and a public key that you got by "
                "another way check it offline."
            ],
        ],
    ]


def verdict(checked: Checked) -> Node:
    """What the check says."""
    if not checked.is_proved:
        return section[h2[tag("bad", "未能证明", "Not proved")], p[checked.problem]]
    said = [p[line] for line in checked.says]
    promised = f"最迟 by {checked.promised_by}" if checked.promised_by else f"检查点 checkpoint {checked.size}"
    title = tag("warn", "承诺有效", "Promised") if checked.promised_by else tag("good", "证明成立", "Proved")
    return section[h2[title], said, p[f"{checked.origin} · 第 {checked.position} 条 entry · {promised}"]]
