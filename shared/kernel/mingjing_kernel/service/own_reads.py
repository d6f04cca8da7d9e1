"""Which of the addresses that every service has are restricted reading."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

_HASHES = Open("hashes, sizes and signatures; never contents")

OWN_READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/health": Open("how far each part got; no data"),
        "/log/checkpoint": _HASHES,
        "/log/checkpoints": _HASHES,
        "/log/proof/inclusion": _HASHES,
        "/log/proof/consistency": _HASHES,
        "/log/witnessed": _HASHES,
        "/log/key": Open("public keys"),
        "/log/contracts": Restricted("contracts", ("everything",), is_for_services=True),
        "/parked": Restricted("parked-message", ("body",)),
        "/parked/{id}": Restricted("parked-message", ("body",)),
        "/log/self-verification": Open("whether the log stands; hashes and positions"),
        "/log/cases/{kind}/{case_id}": Restricted("case-file", ("everything",)),
        "/receipts/{number}": Open("shows nothing of what was filed, nor by whom"),
        "/lockouts": Restricted("lockout", ("address",)),
        "/evidence": Open("which files there are, and what they are; not what they show"),
        "/evidence-policy": Open("which files are taken, and how large they may be"),
        "/evidence/{evidence_id}": Restricted("evidence", ("original",)),
        "/evidence/{evidence_id}/copy": Open("each look is a fact of the file's own custody"),
        "/evidence/{evidence_id}/custody": Open("who handled a file; the record that this very log is part of"),
        "/policies": Open("the rules in force; they name nobody"),
        "/policies/{rule}": Open("the rules in force and their versions; they name no citizen"),
        "/policies/{rule}/versions/{version_id}/available-actions": Open(
            "what the caller may do, nothing of the thing"
        ),
        "/calendar/{year}": Open("holidays, which are published"),
        "/deadlines": Open("until when something is due; nothing of what it says"),
        "/deadline-rules": Open("which kinds of deadlines there are"),
        "/subject-requests": Restricted("subject-request", ("subject",)),
        "/subjects/{subject}/record": Restricted("subject", ("record",)),
        "/unsealings": Restricted("unsealing", ("subject", "purpose")),
        "/reads": Restricted("read-log", ("reader",)),
        "/reads/volumes": Restricted("read-log", ("reader",)),
    }
)
