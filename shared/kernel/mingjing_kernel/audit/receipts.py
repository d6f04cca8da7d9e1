"""Receipts: what whoever files gets in hand, and with which she can prove later what she filed, offline.

Until a checkpoint covers its entry a receipt is a signed promise to show that entry by a named moment; the address in
it gives the completed one. The one rule: the salt leaves this system with the answer to the filing and to its
repetitions, and is kept nowhere; whoever asks for a completed receipt has it already.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_kernel.audit.check_proof import PROMISE, RECEIPT, commitment_to
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.note import Note
from mingjing_kernel.audit.proof import entry_document, prove_all
from mingjing_kernel.audit.receipted import FILING_RECEIPT, ReceiptFiling, receipt_id
from mingjing_kernel.clock import Clock
from mingjing_kernel.gathering import Gathering
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Work
from mingjing_kernel.log.database import is_away
from mingjing_kernel.refusal import NotFound
from mingjing_kernel.sealed.ring import SubjectKey


class ReceiptUnknown(NotFound):
    """Nobody has a receipt of this number."""

    sentence = "There is no receipt of this number."
    remedy = "Copy the number from the receipt again."


class Receipt(BaseModel):
    """A receipt (回执), for ``check_proof.py``. It shows nothing of what was filed."""

    format: str = RECEIPT
    number: UUID = Field(description="Of the receipt 回执编号")
    log: str = Field(description="Name of the log 日志名称")
    hash: str = Field(description="sha256 or sm3")
    commitment: str = Field(description="SHA-256 over the salt and what was filed 承诺值")
    salt: str = Field(default="", description="Base64; keep it: only with it can you prove what you filed 请妥善保存")
    address: str = Field(description="Where the completed receipt is fetched 完整回执的地址")
    proof: dict[str, Any] | None = Field(default=None, description="The entry with its proof, once it is covered")
    entry: dict[str, Any] | None = Field(default=None, description="Until then: the entry …")
    promise: str | None = Field(default=None, description="… and the signed promise to show it 签名承诺")


class Receipts:
    """Issues and completes the receipts of one log."""

    def __init__(
        self, log: Log, checkpointer: Callable[[], Checkpointer | None], now: Clock, address: str, seconds_max: int
    ) -> None:
        self._log = log
        self._checkpointer = checkpointer
        self._now = now
        self._address = address
        self._delay_max = timedelta(seconds=seconds_max)
        self._rows: Gathering[str, Any] = Gathering(self._read, is_away)

    async def issue(self, what: str, stream: str, filed: Any, key: SubjectKey, written: Envelope) -> Receipt | None:
        """For a filing that stands; the same receipt again for the same request. ``filed``: the JSON that was sent.

        None where nothing is signed (no key: a laptop, a test), and for a repetition after the person was erased.
        """
        if self._checkpointer() is None:
            return None
        salt = key.derived("receipt", FILING_RECEIPT.stream(receipt_id(written.command_id)))
        work = self.work(what, stream, filed, salt, written)
        await self._log.handle(work.aggregate, work.id, work.command, work.envelope)
        receipt = await self.salted(work, salt)
        # Another commitment: the person was erased since, and has another key now.
        return receipt if receipt.commitment == work.command.commitment else None

    @property
    def are_signed(self) -> bool:
        """Whether this log signs anything."""
        return self._checkpointer() is not None

    def work(self, what: str, stream: str, filed: Any, salt: bytes, written: Envelope) -> Work:
        """The entry of a receipt as part of a larger write, where the salt follows from no person's key."""
        command = ReceiptFiling(what=what, stream=stream, commitment=commitment_to(filed, salt), at=self._now())
        # Not the caller's envelope: the entry is shown to whoever holds the receipt, and tells nothing of the caller.
        envelope = Envelope(
            command_id=derived_id("receipt", written.command_id), actor="system:receipt", digest=written.digest
        )
        return Work(FILING_RECEIPT, receipt_id(written.command_id), command, envelope)

    async def salted(self, work: Work, salt: bytes) -> Receipt:
        """The receipt of an entry that was written, as its holder gets it."""
        receipt = await self.document(work.id)
        return receipt.model_copy(update={"salt": b64encode(salt).decode()})

    async def document(self, id: UUID) -> Receipt:
        """The receipt without its salt, proved if a checkpoint covers it. Raises ``ReceiptUnknown``."""
        stream = FILING_RECEIPT.stream(id)
        row = (await self._rows.ask([stream])).get(stream)
        checkpointer = self._checkpointer()
        if row is None or checkpointer is None:
            raise ReceiptUnknown
        receipt = Receipt(
            log=checkpointer.signer.name,
            hash=row["hash"],
            number=id,
            commitment=self._log.decode(row["type"], row["data"]).commitment,
            address=f"{self._address}/receipts/{id}",
        )
        if row["is_covered"]:
            proof = (await prove_all(self._log, [row["position"]], checkpointer))[0]
            return receipt.model_copy(update={"proof": proof})
        update = {"entry": entry_document(row), "promise": self._promise(row, checkpointer)}
        return receipt.model_copy(update=update)

    async def _read(self, streams: Sequence[str]) -> dict[str, Any]:
        """The entries of receipts; of all who file at once by one question."""
        schema = self._log.schema
        rows = await self._log.pool.fetch(
            f"""SELECT e.*, h.hash, EXISTS (SELECT FROM "{schema}".checkpoints WHERE size >= e.position) AS is_covered
            FROM "{schema}".events e, "{schema}".head h WHERE e.stream = ANY($1::text[]) AND e.version = 1""",
            list(streams),
        )
        return {row["stream"]: row for row in rows}

    def _promise(self, row: Mapping[str, Any], checkpointer: Checkpointer) -> str:
        """Its first line is no log's name, so it can be no checkpoint. Due counts from when the entry was recorded."""
        due = (row["recorded_at"] + self._delay_max).isoformat()
        leaf = b64encode(row["leaf"]).decode()
        text = f"{PROMISE}\n{checkpointer.signer.name}\n{row['position']}\n{leaf}\n{due}\n"
        return Note(text, (checkpointer.signer.sign_text(text),)).render()
