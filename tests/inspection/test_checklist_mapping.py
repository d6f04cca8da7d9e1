"""Checklists with other headers: guessed, confirmed by a person, remembered for the sender, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.conftest import World
from mingjing_inspection.domain.checklist_mapping import (
    FIELDS,
    MAPPINGS,
    ConfirmMapping,
    MappingColumnsDiffer,
    MappingFieldsMissing,
    MappingFieldTwice,
    MappingFieldUnknown,
)
from mingjing_inspection.sources.checklist_file import ChecklistHeaderUnknown, read_checklist
from mingjing_inspection.sources.checklist_guess import guess
from mingjing_inspection.sources.table import read_tables

FILE = "\n".join(
    (
        "某市校外培训机构检查表,,,,,",
        "项目序列,检查的具体内容,所依据条款,红黄蓝,备注,是否需拍照留证",
        "C01,办学许可证是否有效,民促法第十九条,红,每次必查,是",
        "C05,收费是否公示,教监管函〔2021〕2号,黄,,否",
    )
).encode()
HEADER = ["项目序列", "检查的具体内容", "所依据条款", "红黄蓝", "备注", "是否需拍照留证"]
SAID = ["code", "title_zh", "legal_basis", "severity", "", "photo_required"]
SENDER = "某市教育局"
CSV = {"Content-Type": "text/csv"}


def test_a_guess_says_on_what_it_stands_and_a_mapping_reads_the_file() -> None:
    found = guess(read_tables(FILE), {})
    assert found is not None
    assert (found.row, list(found.header)) == (2, HEADER)
    by = {one.label: (one.field, one.why) for one in found.columns}
    assert by["项目序列"] == ("code", "content")
    assert by["红黄蓝"] == ("severity", "content")
    assert by["所依据条款"] == ("legal_basis", "similar")
    assert found.columns[0].samples == ("C01", "C05")
    with pytest.raises(ChecklistHeaderUnknown):
        read_checklist(FILE)
    read = read_checklist(FILE, {tuple(HEADER): tuple(SAID)})
    assert [(one.code, one.photo_required) for one in read.require_items()] == [("C01", True), ("C05", False)]


async def test_a_header_is_a_question_until_a_person_confirms_it_for_the_sender(world: World) -> None:
    chief, approver = world.caller("inspector", "chief"), world.caller("approver", "second")
    path = f"/checklist-previews?sender={SENDER}"
    asked = (await chief.send("POST", path, content=FILE, headers=CSV)).json()
    assert (asked["items"], asked["question"]["header"]) == ([], HEADER), asked
    proposal = f"/checklist-proposals/patrol-2026-city?effective_from=2026-07-02&reason=市级清单&sender={SENDER}"
    early = await chief.send("PUT", proposal, content=FILE, headers=CSV)
    assert (early.status_code, early.json()["type"]) == (422, "urn:mingjing:problem:checklist-header-unknown")
    body: dict[str, Any] = {"sender": SENDER, "header": HEADER, "fields": [*SAID[:3], "", "", ""]}
    wrong = await chief.send("POST", "/checklist-mappings", json=body)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:mingjing:problem:mapping-fields-missing")
    said = await chief.send("POST", "/checklist-mappings", json=body | {"fields": SAID})
    assert said.status_code == 201, said.text
    read = (await chief.send("POST", path, content=FILE, headers=CSV)).json()
    assert ([one["code"] for one in read["items"]], read["question"]) == (["C01", "C05"], None)
    other = (await chief.send("POST", "/checklist-previews?sender=别处", content=FILE, headers=CSV)).json()
    assert other["question"] is not None, "it is remembered for its sender alone"
    assert (await chief.send("PUT", proposal, content=FILE, headers=CSV)).status_code == 201
    assert (await approver.send("POST", "/checklist-proposals/patrol-2026-city/approval")).status_code == 201
    (mapping,) = await chief.get("/checklist-mappings")
    assert (mapping["sender"], mapping["by"]) == (SENDER, "chief")
    back = {"sender": SENDER, "header": HEADER, "reason": "该局已换表"}
    assert (await chief.send("POST", "/checklist-mappings/withdrawal", json=back)).status_code == 200
    assert (await chief.send("POST", path, content=FILE, headers=CSV)).json()["question"] is not None
    officer = world.caller("grid-officer")
    assert (await officer.send("POST", "/checklist-mappings", json=body)).status_code == 403
    assert (await officer.send("GET", "/checklist-mappings")).status_code == 403
    assert (await world.replayed()).differences == 0


@given(st.lists(st.sampled_from((*FIELDS, "", "nonsense")), max_size=9), st.integers(0, 9))
def test_what_is_confirmed_names_each_needed_field_once(fields: list[str], columns: int) -> None:
    command = ConfirmMapping(
        sender="x",
        header=tuple(f"列{n}" for n in range(columns)),
        fields=tuple(fields),
        by="p",
        at=None,  # type: ignore[arg-type]
    )
    try:
        (fact,) = MAPPINGS.decide(command, MAPPINGS.initial)
    except (MappingColumnsDiffer, MappingFieldsMissing, MappingFieldTwice, MappingFieldUnknown):
        return
    said = [one for one in fields if one]
    assert len(said) == len(set(said))
    assert {"code", "title_zh", "legal_basis", "severity"} <= set(said)
    assert MAPPINGS.decide(command, MAPPINGS.evolve(MAPPINGS.initial, fact)) == []
