"""A GeoReport v2 form as a citizen's complaint; pure but for the models of the public form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from mingjing_inspection.api.public_complaint import CitizenBody
from mingjing_inspection.domain.complaint_voice import Identity
from mingjing_inspection.domain.follow_secret import SECRET_CHARACTERS
from mingjing_inspection.sources.geo_report import IDENTITY, RELATION, RESPONDENT, SUM, Service
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.readable import READABLE

REQUIRED: Final = "{name} is required. 缺少 {name}。"


class Malformed(Exception):
    """A field that is missing or says nothing that can be used."""


def body_of(service: Service, fields: Mapping[str, str], digest: bytes) -> CitizenBody:
    """What the public form would have sent. ``digest`` is a keyed one of the form: it makes the ids of a repetition."""
    description = fields.get("description", "").strip()
    if not description:
        raise Malformed(REQUIRED.format(name="description"))
    respondent = fields.get(f"attribute[{RESPONDENT}]", "").strip()
    if not respondent:
        raise Malformed(REQUIRED.format(name=f"attribute[{RESPONDENT}]"))
    media = fields.get("media_url", "").strip()
    return CitizenBody(
        form_id=UUID(bytes=digest[:16]),
        secret=_secret(digest[16:]),
        respondent=respondent,
        place=_place(fields),
        text=f"{description}\n附件链接：{media}" if media else description,
        claimed_fen=_fen(fields.get(f"attribute[{SUM}]", "")),
        tracks=[service.track] if service.track else [],
        identity=_identity(fields.get(f"attribute[{IDENTITY}]", "") or Identity.CONFIDENTIAL.value),
        name=f"{fields.get('last_name', '')}{fields.get('first_name', '')}".strip(),
        phone=fields.get("phone", ""),
        relation=fields.get(f"attribute[{RELATION}]", ""),
    )


def start_of(moment: datetime, *, following: bool = False) -> datetime:
    """Of the month in China that a moment is in, or of the one after it."""
    first = moment.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=31)).replace(day=1) if following else first


def _place(fields: Mapping[str, str]) -> str:
    """One of the three is required, as the specification has it."""
    if address := fields.get("address_string", "").strip():
        return address
    latitude, longitude = fields.get("lat", "").strip(), fields.get("long", "").strip()
    if latitude and longitude:
        return f"{latitude},{longitude} (WGS84)"
    if address_id := fields.get("address_id", "").strip():
        return address_id
    raise Malformed(REQUIRED.format(name="lat/long, address_string or address_id"))


def _identity(text: str) -> Identity:
    try:
        return Identity(text)
    except ValueError:
        raise Malformed(f"attribute[{IDENTITY}] is none of its values. 身份方式不在列表中。") from None


def _fen(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        fen = Decimal(text.strip()) * 100
    except InvalidOperation:
        raise Malformed(f"attribute[{SUM}] is no sum in yuan. 金额有误。") from None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen <= FEN_MAX:
        raise Malformed(f"attribute[{SUM}] is no sum in yuan. 金额有误。")
    return int(fen)


def _secret(digest: bytes) -> str:
    """The same for the same form: a client that lost the answer and sends it again gets the same one."""
    value = int.from_bytes(digest, "big")
    return "".join(READABLE[(value >> (5 * place)) & 31] for place in range(SECRET_CHARACTERS))
