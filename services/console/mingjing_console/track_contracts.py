"""The contract that a form on a complaint is about: typed as the number that is printed on it, sent by its id.

One rule: a number that means no contract of this institution, or several, is refused beside its field, before anything
is written: a dispute about an order that nobody knows stops no release.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from mingjing_console.acting import Form
from mingjing_console.asking import Unreadable
from mingjing_console.gateway import Answer, Gateway

FIELD: Final = "contract_id"
NOUN: Final = "complaint-track"


async def by_id(gateway: Gateway, track_id: UUID, form: Form) -> Form:
    """The same form with the id of the contract whose number was typed. Raises ``Unreadable``."""
    typed = form.get(FIELD, "").strip()
    if not typed or _is_id(typed):
        return form
    track = await gateway.get("inspection", f"/complaint-tracks/{track_id}")
    institution = track.body["institution_id"] if track.is_there else None
    body = {"contract_no": typed} | ({"institution_id": institution} if institution else {})
    found = await gateway.send("funds", "POST", "/contract-numbers/look", body)
    if not found.is_success:
        raise Unreadable(FIELD, "暂时查不到合同，请稍后再试。", "Contracts cannot be looked up now; try again later.")
    items = found.body["items"]
    if len(items) == 1:
        return {**form, FIELD: items[0][FIELD]}
    if items:
        raise Unreadable(FIELD, "多家机构的合同用此编号，请先认定被投诉机构。", "Say first whom it is about.")
    raise Unreadable(
        FIELD, "该机构没有此编号的合同，请核对合同上所印的编号。", "This institution has no contract with this number."
    )


async def named(gateway: Gateway, contract_id: str | None) -> Answer:
    """Number, course and institution of a contract; nothing where none is named."""
    return await gateway.get("funds", f"/contract-numbers/{contract_id}") if contract_id else Answer(404)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
