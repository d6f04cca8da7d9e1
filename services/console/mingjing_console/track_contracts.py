"""The contract that a form on a complaint is about: typed as the number that is printed on it, sent by its id.

One rule: a number, or an id, that means no contract of this institution, or several, is refused beside its field,
before anything is written: a dispute about an order that nobody knows stops no release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import httpx

from mingjing_console.acting import Form
from mingjing_console.asking import Unreadable
from mingjing_console.gateway import Answer, Gateway

FIELD: Final = "contract_id"
NOUN: Final = "complaint-track"
_AWAY: Final = ("暂时查不到合同，请稍后再试。", "Contracts cannot be looked up now; try again later.")


async def by_id(gateway: Gateway, track_id: UUID, form: Form) -> Form:
    """The same form with the id of the contract whose number was typed. Raises ``Unreadable``."""
    typed = form.get(FIELD, "").strip()
    if not typed:
        return form
    track = await gateway.get("inspection", f"/complaint-tracks/{track_id}")
    if not track.is_there:
        raise Unreadable(FIELD, *_AWAY)
    if track.body["institution_id"] is None:
        raise Unreadable(
            FIELD,
            "请先认定被投诉机构，再填该机构的合同编号。",
            "Settle first whom the dispute is about, then name its contract.",
        )
    items = await _meant(gateway, typed, track.body["institution_id"])
    if len(items) == 1:
        return {**form, FIELD: items[0][FIELD]}
    if items:
        raise Unreadable(
            FIELD,
            "该机构有多份合同用此编号，请向资金监管人员问明后，填合同页地址末尾的编号。",
            "This institution has several contracts with this number; ask the fund regulator for the id of yours.",
        )
    raise Unreadable(
        FIELD, "该机构没有此编号的合同，请核对合同上所印的编号。", "This institution has no contract with this number."
    )


async def _meant(gateway: Gateway, typed: str, institution_id: str) -> list[Mapping[str, str]]:
    """This institution's contracts with the number or the id that was typed."""
    if _is_id(typed):
        one = await named(gateway, typed)
        if one.status == httpx.codes.NOT_FOUND:
            return []
        if not one.is_there:
            raise Unreadable(FIELD, *_AWAY)
        return [one.body] if one.body["institution_id"] == institution_id else []
    body = {"contract_no": typed, "institution_id": institution_id}
    found = await gateway.send("funds", "POST", "/contract-numbers/look", body)
    if not found.is_success:
        raise Unreadable(FIELD, *_AWAY)
    return list(found.body["items"])


async def named(gateway: Gateway, contract_id: str | None) -> Answer:
    """Number, course and institution of a contract; nothing where none is named."""
    return await gateway.get("funds", f"/contract-numbers/{contract_id}") if contract_id else Answer(404)


def _is_id(text: str) -> bool:
    """As it is written out only: thirty-two digits are a printed number as well."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
