"""Evidence as it travels over HTTP: manifest, receipt, description."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.evidence.facts import Datum, Manifest, Place, Thing, Verdict
from mingjing_kernel.evidence.intake import Acknowledgement
from mingjing_kernel.evidence.state import Stage
from mingjing_kernel.http.writing import Accepted
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.redact import redacted

TEXT_LENGTH_MAX = 200
NUMBER_MAX = 2**53


class ThingBody(BaseModel):
    """The record that evidence belongs to."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=40, pattern=r"^[a-z][a-z-]*$", examples=["visit"])
    id: UUID = Field(description="May be of a record that is not there yet: a visit that was filed without a network")


class PlaceBody(BaseModel):
    """Where the device says that it was."""

    model_config = ConfigDict(extra="forbid")

    latitude_e6: int = Field(ge=-NUMBER_MAX, le=NUMBER_MAX, description="1e-6 degrees")
    longitude_e6: int = Field(ge=-NUMBER_MAX, le=NUMBER_MAX)
    accuracy_metres: int = Field(ge=-NUMBER_MAX, le=NUMBER_MAX)
    datum: Datum = Field(description="gcj-02: as maps in China have it; wgs-84: as satellites have it. Kept as it came")
    is_mock: bool = Field(default=False, description="The device admits a made-up position")


class ManifestBody(BaseModel):
    """What a device says of a file before it sends it; digests over the original bytes."""

    model_config = ConfigDict(extra="forbid")

    size_bytes: int = Field(ge=0, le=NUMBER_MAX)
    sha256: str = Field(max_length=64, description="Lower-case hexadecimal")
    sm3: str = Field(default="", max_length=64, description="GB/T 32905, if the device can; we compute it anyway")
    media_type: str = Field(max_length=100, examples=["image/jpeg"])
    thing: ThingBody
    device: str = Field(default="", max_length=TEXT_LENGTH_MAX, description="Which device, e.g. its model and number")
    captured_at: Moment | None = Field(default=None, description="By the device's clock")
    place: PlaceBody | None = None
    device_sent_at: Moment = Field(description="The device's clock at the moment of sending this")

    def manifest(self) -> Manifest:
        """The same for the domain."""
        return Manifest(
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            sm3=self.sm3,
            media_type=redacted(self.media_type),
            thing=Thing(kind=self.thing.kind, id=self.thing.id),
            device=redacted(self.device),  # officials write whose telephone it is
            captured_at=self.captured_at,
            place=Place(**self.place.model_dump()) if self.place else None,
        )


class Declared(Accepted):
    """Announced. Send the bytes to ``upload`` with PATCH, from ``offset`` on, then finish."""

    upload: str = Field(description="Address of the upload (tus 1.0), below the service's own")
    offset: int


class Receipt(Accepted):
    """The acknowledgement 回执: these bytes are kept. ``position`` is where it stands in the log: it can be proved."""

    evidence_id: UUID
    sha256: str
    sm3: str
    size_bytes: int
    media_type: str
    received_at: datetime

    @classmethod
    def of(cls, evidence_id: UUID, done: Acknowledgement) -> Receipt:
        """From the fact."""
        fact = done.fact
        return cls(
            evidence_id=evidence_id,
            position=done.position,
            version=done.version,
            repeated=done.repeated,
            sha256=fact.sha256,
            sm3=fact.sm3,
            size_bytes=fact.size_bytes,
            media_type=fact.media_type,
            received_at=fact.at,
        )


class EvidenceItem(BaseModel):
    """One piece of evidence as it stands."""

    model_config = ConfigDict(from_attributes=True)

    evidence_id: UUID
    stage: Stage
    sender: str
    sha256: str
    sm3: str = Field(description="Empty until the bytes are here, unless the device computed it")
    size_bytes: int
    media_type: str
    device: str
    captured_at: datetime | None
    place: PlaceBody | None
    clock_difference_seconds: int = Field(description="The device's clock minus ours")
    declared_at: datetime
    lapses_at: datetime
    received_at: datetime | None
    received_position: int | None = Field(description="Of the acknowledgement in the log")
    verdict: Verdict | str = Field(description="Of the malware scan; empty while it waits")
    verdict_detail: str
    holds: list[str]
    is_damaged: bool = Field(description="What is stored is not what was received; an alarm is in the log")
    ended_at: datetime | None
    end_reason: str


class CustodyStep(BaseModel):
    """One fact of the chain of custody."""

    position: int
    fact: str = Field(description="Stored name", examples=["kernel.evidence-received.v1"])
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
    legal_basis: str
    details: dict[str, Any]


class TypeBody(BaseModel):
    """A type that is kept."""

    name: str
    zh: str
    bytes_max: int
    has_display_copy: bool
    read: Literal["decoded", "outline", "no"] = Field(
        description="接收时检查 How it is checked: all of it decoded, only whether something plays, not at all"
    )


class KindBody(BaseModel):
    """Records that evidence may belong to."""

    kind: str
    zh: str
    en: str


class EvidencePolicy(BaseModel):
    """What a device must know before it sends."""

    types: list[TypeBody]
    kinds: list[KindBody]
    part_bytes_min: int
    part_bytes_max: int
    open_uploads_max: int
    open_bytes_max: int
    upload_days_max: int
    scan: str


class PurposeBody(BaseModel):
    """Why somebody needs the very bytes."""

    model_config = ConfigDict(extra="forbid")

    purpose: str = Field(min_length=1, max_length=1_000)


class TransferBody(BaseModel):
    """To whom evidence is handed on; why and on what basis stands in the headers."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(min_length=1, max_length=TEXT_LENGTH_MAX, examples=["西湖区公安分局"])
