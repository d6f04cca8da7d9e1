from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.kept_aside import (
    KEPT_ASIDE,
    Cell,
    Command,
    DismissRow,
    Event,
    KeepAside,
    Origin,
    Problem,
    Row,
    RowDismissed,
    RowKeptAside,
    RowTaken,
    SettleRow,
)
from mingjing_registry.domain.receipt import (
    RECEIPT,
    BeginImport,
    Counts,
    ImportBegun,
    ImportRecorded,
    Receipt,
    RecordImport,
)
from mingjing_registry.domain.receipt import Command as ReceiptCommand
from mingjing_registry.domain.receipt import Event as ReceiptEvent
from mingjing_registry.domain.refusals import ImportNotBegun, ReasonMissing, RowSettled, RowUnknown

ON = date(2026, 6, 30)
ORIGIN = Origin(
    import_id=UUID(int=1),
    file_name="名单.xlsx",
    sheet="名单",
    row=7,
    layout="register",
    register="education",
    stated_on=ON,
    region="330106",
)
CELLS = (Cell(field="name", text="甲"), Cell(field="uscc", text=""))
PROBLEMS = (Problem(code="uscc-missing", field="uscc"),)
KEEP = KeepAside(origin=ORIGIN, cells=CELLS, problems=PROBLEMS, on=ON)
KEPT = RowKeptAside(origin=ORIGIN, cells=CELLS, problems=PROBLEMS, on=ON)
FIX = (Cell(field="uscc", text="91330106MA00001B3D"),)
SETTLE = SettleRow(corrections=FIX, prevails=False, institution_id=UUID(int=2), reason="按证书", on=ON)
TAKEN = RowTaken(corrections=FIX, prevails=False, institution_id=UUID(int=2), reason="按证书", on=ON)

Rows = Spec[Command, Row, Event]


@pytest.fixture
def row() -> Rows:
    return Spec(KEPT_ASIDE)


def test_a_row_is_put_aside_once(row: Rows) -> None:
    row.given().when(KEEP).then(KEPT)
    row.given(KEPT).when(KEEP).then()
    row.given(KEPT, TAKEN).when(KEEP).then()


def test_a_row_is_taken_or_dismissed_once(row: Rows) -> None:
    row.given(KEPT).when(SETTLE).then(TAKEN)
    row.given(KEPT).when(DismissRow(reason="重复", on=ON)).then(RowDismissed(reason="重复", on=ON))
    row.given(KEPT, TAKEN).when(SETTLE).then()
    row.given(KEPT, TAKEN).when(replace(SETTLE, reason="另一理由")).then_refused(RowSettled)
    row.given(KEPT, RowDismissed(reason="重复", on=ON)).when(DismissRow(reason="重复", on=ON)).then()
    row.given(KEPT, RowDismissed(reason="重复", on=ON)).when(SETTLE).then_refused(RowSettled)
    row.given(KEPT, TAKEN).when(DismissRow(reason="重复", on=ON)).then_refused(RowSettled)


def test_dismissing_needs_a_reason(row: Rows) -> None:
    row.given(KEPT).when(DismissRow(reason=" ", on=ON)).then_refused(ReasonMissing)


def test_there_must_be_such_a_row(row: Rows) -> None:
    row.given().when(SETTLE).then_refused(RowUnknown)
    row.given().when(DismissRow(reason="重复", on=ON)).then_refused(RowUnknown)


def test_a_file_is_begun_and_recorded_once() -> None:
    begin = BeginImport(digest="00", file_name="名单.xlsx", register="education", region="330106", stated_on=ON, on=ON)
    begun = ImportBegun(digest="00", file_name="名单.xlsx", register="education", region="330106", stated_on=ON, on=ON)
    counts = Counts(rows=2, taken=1, merged=0, kept_aside=1, notices=0, withdrawn=0)
    record = RecordImport(counts=counts, kept_aside=(UUID(int=3),), remarks=(), on=ON)
    recorded = ImportRecorded(counts=counts, kept_aside=(UUID(int=3),), remarks=(), on=ON)
    receipt: Spec[ReceiptCommand, Receipt, ReceiptEvent] = Spec(RECEIPT)
    receipt.given().when(begin).then(begun)
    receipt.given(begun).when(begin).then()
    receipt.given(begun).when(record).then(recorded)
    receipt.given(begun, recorded).when(record).then()
    receipt.given(begun, recorded).when(begin).then()
    receipt.given().when(record).then_refused(ImportNotBegun)
