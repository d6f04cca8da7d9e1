"""The county's staff list, staff blacklist and roster of teachers as they come, against the answers that came along."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from mingjing.county import County
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_registry.codec import INSTITUTIONS, ROWS_ASIDE, STAFF
from mingjing_registry.domain.dismissal import DismissalDemanded
from mingjing_registry.domain.kept_aside import subject_of
from mingjing_registry.sources.staff_file import ParsedStaff, parse_staff
from registry.conftest import Caller, World
from registry.test_api import MUDUO_ROW, file
from registry.test_county_import import Files, everything, send_all

FOLDER = "staff/"
LIST, BLACKLIST, TEACHERS = (f"{FOLDER}{name}" for name in (
    "从业人员花名册_202606.xlsx", "从业人员黑名单.csv", "在职教师名册.csv",
))  # fmt: skip
WAITING = {"I118", "I084", "I179", "I180"}
"""Institutions whose own rows in the registers wait for a person."""
STATED_ON = "2026-06-30"
CODES = {
    "id-unmasked": "resident_id_unmasked",
    "person-spaces": "inner_space",
    "certificate-digits-lost": "qualification_number_as_float",
    "certificate-scientific": "qualification_number_scientific",
    "certificate-digit-missing": "qualification_number_16_digits",
    "certificate-tidied": "qualification_number_fullwidth",
}


@pytest.fixture(scope="module", name="answers")
def make_answers() -> dict[str, Any]:
    with County() as county:
        return json.loads(county.read("truth.json"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module", name="sent")
def make_sent() -> dict[str, bytes]:
    with County() as county:
        return {path: county.read(path) for path in (LIST, BLACKLIST, TEACHERS)}


@pytest.fixture(scope="module", name="parsed")
def make_parsed(sent: dict[str, bytes]) -> ParsedStaff:
    return parse_staff(sent[LIST])


def test_every_row_is_read_with_what_is_wrong_in_it_and_nothing_else(
    parsed: ParsedStaff, answers: dict[str, Any]
) -> None:
    right = {row["row"]: row for row in answers["staff"]["rows"]}
    assert {line.number for line in parsed.lines} == set(right)
    posts = {"教学": "teacher", "教研": "research", "教务": "management", "行政": "management"}
    for line in parsed.lines:
        said, row = right[line.number], line.row
        assert row is not None, line
        assert sorted(CODES[one.code] for one in line.problems) == sorted(one["code"] for one in said["defects"])
        first, last = row.identity.open_part
        assert (row.name, f"{first}****{last}", row.work) == (
            said["name"], said["id_masked"], posts.get(said["post"], "other"),
        )  # fmt: skip
        held = row.qualification
        number = held.number if held is not None and held.proof == "teacher-certificate" else None
        lost = any(one["code"].endswith(("float", "scientific")) for one in said["defects"])
        whole = (
            said["cert"] if not any(one["code"].endswith("16_digits") for one in said["defects"]) else said["cert"][:16]
        )
        assert number == whole or (lost and number is not None and said["cert"].startswith(number[:6]))


async def upload(clerk: Caller, path: str, content: bytes, **params: Any) -> Any:
    headers = clerk.headers | {"Content-Type": "application/octet-stream", "Idempotency-Key": str(new_id())}
    answer = await clerk.client.post(f"/registry/v1{path}", params=params, headers=headers, content=content)
    assert answer.is_success, answer.text
    clerk.position = answer.headers.get("Mingjing-Position", clerk.position)
    return answer.json()


async def preview(clerk: Caller, content: bytes) -> Any:
    return await upload(clerk, "/imports/staff/previews", content, name="花名册.xlsx", stated_on=STATED_ON)


async def confirm(clerk: Caller, shown: Any) -> Any:
    path = f"/imports/staff/previews/{shown['preview_id']}/confirmation"
    answer = await clerk.post(path, {"seen": shown["seen"]})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_county_s_staff_is_taken_in_and_what_speaks_against_it_is_found(
    world: World, registry_files: Files, sent: dict[str, bytes], parsed: ParsedStaff, answers: dict[str, Any]
) -> None:
    clerk = world.caller("licensing-officer")
    await send_all(clerk, registry_files)
    await lists_come(clerk, sent)

    shown = await preview(clerk, sent[LIST])
    counts = {"rows": 885, "new": 867, "changed": 0, "unchanged": 0, "merged": 0, "kept_aside": 18, "omitted": 0}
    assert (shown["counts"], [table["how"] for table in shown["tables"]]) == (counts, ["known"])
    samples = {column["field"]: column["samples"] for column in shown["tables"][0]["columns"]}
    assert all("**" in text for text in (*samples["person"], *samples["id_number"]))
    done = await confirm(clerk, shown)
    assert (done["counts"]["taken"], done["counts"]["kept_aside"], done["repeated"]) == (867, 18, False)
    assert (await confirm(clerk, shown))["repeated"]
    await rows_wait_sealed(world, clerk, answers)

    await register_waiting(clerk, answers)
    again = await preview(clerk, sent[LIST])
    assert (again["counts"]["new"], again["counts"]["unchanged"], again["counts"]["kept_aside"]) == (17, 868, 0)
    await confirm(clerk, again)
    assert [row for row in (await clerk.get("/kept-aside"))["items"] if row["layout"] == "staff"] == []
    await findings_are_the_county_s(clerk, parsed, answers)
    await judged(world, clerk)
    assert (await world.replayed()).differences == 0


async def lists_come(clerk: Caller, sent: dict[str, bytes]) -> None:
    """The blacklist and the roster, tried first: trying records nothing."""
    said = {"source": "national", "stated_on": STATED_ON}
    for _ in range(2):
        tried = await upload(clerk, "/staff-blacklist/files", sent[BLACKLIST], **said, is_trial=True)
        assert (tried["new_or_changed"], tried["position"]) == (11, 0)
    taken = await upload(clerk, "/staff-blacklist/files", sent[BLACKLIST], **said)
    assert (taken["new_or_changed"], taken["unchanged"]) == (11, 0)
    repeated = await upload(clerk, "/staff-blacklist/files", sent[BLACKLIST], **said)
    assert (repeated["new_or_changed"], repeated["unchanged"]) == (0, 11)
    listed = {one["source_id"]: one for one in (await clerk.get("/staff-blacklist"))["items"]}
    assert (listed["XP2024-0031"]["until"], listed["XP2025-0133"]["until"]) == (None, "2028-10-03")

    tried = await upload(clerk, "/school-rosters/files", sent[TEACHERS], stated_on=STATED_ON, is_trial=True)
    assert (tried["schools"], tried["new_schools"], tried["teachers"], tried["changed"]) == (6, 6, 180, 6)
    assert (await clerk.get("/schools"))["items"] == []
    await upload(clerk, "/school-rosters/files", sent[TEACHERS], stated_on=STATED_ON)
    schools = {one["name"]: one["teachers"] for one in (await clerk.get("/schools"))["items"]}
    assert schools["桐坞小学"] == 29
    repeated = await upload(clerk, "/school-rosters/files", sent[TEACHERS], stated_on=STATED_ON, is_trial=True)
    assert (repeated["new_schools"], repeated["changed"]) == (0, 0)


async def rows_wait_sealed(world: World, clerk: Caller, answers: dict[str, Any]) -> None:
    """Masked in the list, opened for a purpose by whoever may mend them; a subject like any other."""
    waiting = [row for row in await everything(clerk, "/kept-aside") if row["layout"] == "staff"]
    right = {row["row"]: row for row in answers["staff"]["rows"]}
    assert {right[row["row"]]["inst"] for row in waiting} == WAITING
    first, second = waiting[:2]
    id, said = UUID(first["row_id"]), right[first["row"]]
    assert (first["person"]["name"], first["rule"]) == (f"{said['name'][0]}**", "name-unknown")
    stored = str(await world.host.log.history(ROWS_ASIDE, id))
    assert not any(part in str(first) + stored for part in (said["name"], said["id_masked"]))

    purpose = {"purpose": "call-back", "explanation": "核实机构名称"}
    opened = await clerk.post(f"/kept-aside/{id}/person", purpose)
    assert (opened.status_code, "".join(opened.json()["fields"]["person"].split())) == (200, said["name"])
    assert (await world.caller("inspector").post(f"/kept-aside/{id}/person", purpose)).status_code == 403
    assert (await clerk.post(f"/kept-aside/{id}/retry")).json()["type"].endswith("row-still-wrong")
    administrator = world.caller("administrator")
    kept = await administrator.post(f"/subjects/{subject_of(UUID(second['row_id']))}/erasure", reason="本人申请")
    assert kept.status_code == 409, kept.text  # a subject like any other: kept as long as the rule says


async def register_waiting(clerk: Caller, answers: dict[str, Any]) -> None:
    """Four institutions are mended in the register; one row of their staff is tried again by itself."""
    right = {one["id"]: one for one in answers["institutions"]}
    spoiled = {
        (row["file"].rpartition("/")[2], row["row"]): right[row["inst"]]
        for row in answers["registry_rows"]
        if row["inst"] in WAITING
    }
    rows = await everything(clerk, "/kept-aside")
    for row in rows:
        there = spoiled.get((row["file_name"], row["row"]))
        if there is not None and row["field"] == "uscc":
            fields = {"uscc": there["uscc"]}
            mended = await clerk.post(f"/kept-aside/{row['row_id']}/mending", {"fields": fields}, reason="核对证书")
            assert mended.status_code == 200, mended.text
    one = next(row for row in rows if row["layout"] == "staff")
    path, body = f"/kept-aside/{one['row_id']}/mending", {"fields": {"name": one["cells"]["name"]}}
    taken = await clerk.post(path, body, reason="机构已登记")
    assert taken.status_code == 200, taken.text


async def findings_are_the_county_s(clerk: Caller, parsed: ParsedStaff, answers: dict[str, Any]) -> None:
    """Who is on record, who left, and whom the lists may mean: as the answers say, and nobody else."""
    right, who = answers["staff"], await named(clerk, parsed, answers)
    items = await everybody(clerk)
    assert sorted(who[one["member_id"]] for one in items) == sorted(row["staff"] for row in right["rows"])
    left = {who[one["member_id"]]: one["left_on"] for one in items if not one["is_employed"]}
    assert left == {one["staff"]: one["date"] for one in right["left"]}

    alike = {who[one["member_id"]] for one in items if one["likely_bar_entry_id"]}
    assert not any(one["bar_entry_id"] or one["suspected_school_id"] for one in items)  # a mask is no whole number
    assert alike == {right["blacklist_hit"]["staff"]}
    schools = {one["school_id"]: one["name"] for one in (await clerk.get("/schools"))["items"]}
    teaching = {who[one["member_id"]]: schools[one["likely_school_id"]] for one in items if one["likely_school_id"]}
    assert teaching == {one["staff"]: one["school"] for one in right["in_service_teacher"]}
    without = {who[one["member_id"]] for one in items if not one["is_proved"]}
    assert without == {one["staff"] for one in right["subject_teacher_without_qualification"]}
    doubtful = {who[one["member_id"]] for one in await everything(clerk, "/staff", is_doubtful=True)}
    assert doubtful == alike | set(teaching) | without

    twice = await everything(clerk, "/staff", is_elsewhere=True)
    pairs = {frozenset(who[id] for id in (one["member_id"], *one["elsewhere"])) for one in twice}
    assert pairs == {frozenset(one["staff"]) for one in right["same_person_in_two_institutions"]}


async def everybody(clerk: Caller) -> list[dict[str, Any]]:
    """Employed or not."""
    return [one for employed in (True, False) for one in await everything(clerk, "/staff", is_employed=employed)]


async def named(clerk: Caller, parsed: ParsedStaff, answers: dict[str, Any]) -> dict[str, str]:
    """The answers' own word for each record: by institution, mask, day and certificate, which tell everybody apart."""
    right = {row["row"]: row for row in answers["staff"]["rows"]}
    code = {one["id"]: one["uscc"] for one in answers["institutions"]}
    words: dict[tuple[str, ...], list[str]] = {}
    for line in parsed.lines:
        row, said = line.row, right[line.number]
        assert row is not None
        there = str(derived_id("institution", code[said["inst"]]))
        words.setdefault((there, f"{row.name[0]}**", str(row.from_on), row.work), []).append(said["staff"])
    found = {}
    for one in await everybody(clerk):
        (word,) = words[one["institution_id"], one["name"], one["from_on"], one["work"]]
        found[one["member_id"]] = word
    return found


async def judged(world: World, clerk: Caller) -> None:
    """A masked entry bars nobody; a person's judgement does, and the institution is told (X14)."""
    (barred,) = [one for one in await everything(clerk, "/staff", is_doubtful=True) if one["likely_bar_entry_id"]]
    id, there = barred["member_id"], UUID(barred["institution_id"])
    question = {"id_number": "330106200001010006", "name": "陈红诗", "purpose": "招聘核查"}
    asked = (await clerk.post("/staff-blacklist/checks", question)).json()
    assert (asked["is_barred"], asked["may_be_barred"]) == (False, True)
    judgement = {"is_same": True, "reason": "与公安机关核对"}
    assert (await clerk.post(f"/staff/{id}/bar-likeness-judgement", judgement)).status_code == 200
    after = [one for one in await everything(clerk, "/staff", is_doubtful=True) if one["member_id"] == id]
    assert (after[0]["bar_entry_id"], after[0]["likely_bar_entry_id"]) == (barred["likely_bar_entry_id"], None)
    facts = [fact.event for fact in await world.host.log.history(INSTITUTIONS, there)]
    assert [fact.member_id for fact in facts if isinstance(fact, DismissalDemanded)] == [UUID(id)]
    assert "陈红诗" not in str(await world.host.log.history(STAFF, UUID(id)))


STRANGE = (
    "单位全称,人员,证件,工种,何时来,资格\n"
    "杭州木铎轩书画培训学校有限公司,王　明,1101051949****002X,任课老师,2024.3.1,书法六级\n"
    "杭州木铎轩书画培训学校有限公司,李四,11010519491231002X,保安,2024年3月2日,\n"
    "杭州木铎轩书画培训学校有限公司,赵六,110105194912310021,保安,2024-03-02,\n"
)


async def test_strange_columns_are_guessed_confirmed_and_remembered_and_wrong_numbers_wait(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send(file(MUDUO_ROW))).status_code == 200
    said = {"name": "人员.csv", "stated_on": STATED_ON, "sender": "三墩镇"}
    shown = await upload(clerk, "/imports/staff/previews", STRANGE.encode("gb18030"), **said)
    (table,) = shown["tables"]
    assert (table["how"], shown["counts"]) == ("to-confirm", None)
    assert "11010519491231002X" not in str(shown)
    body = {
        "header": [column["label"] for column in table["columns"]],
        "fields": ["name", "person", "id_number", "post", "from_on", "ability_proof"],
        "kind": "staff",
        "constants": {"employment": "专职"},
    }
    path = f"/imports/staff/previews/{shown['preview_id']}"
    mapped = await clerk.post(f"{path}/mapping", {"tables": [body]})
    assert mapped.status_code == 200, mapped.text
    assert (mapped.json()["counts"]["new"], mapped.json()["counts"]["kept_aside"]) == (2, 1)
    await confirm(clerk, mapped.json())

    more = STRANGE.replace("王　明", "王明").replace("李四,11010519491231002X", "李四,1101051949****002X")
    again = await upload(clerk, "/imports/staff/previews", more.replace("保安,2024年", "前台,2024年").encode(), **said)
    assert [one["how"] for one in again["tables"]] == ["mapped"]
    # 李四 is the one on record: her mask fits the whole number there, and 王明 is 王　明.
    assert (again["counts"]["unchanged"], again["counts"]["new"], again["counts"]["kept_aside"]) == (2, 0, 1)
    (aside,) = (await clerk.get("/kept-aside"))["items"]
    assert (aside["rule"], aside["person"]["id_number"]) == ("id-check-digit", "110***********0021")
    fields = {"id_number": "11010519491231002X"}
    mended = await clerk.post(f"/kept-aside/{aside['row_id']}/mending", {"fields": fields}, reason="核对身份证")
    assert mended.status_code == 200, mended.text
    assert "0021" not in str(await world.host.log.history(ROWS_ASIDE, UUID(aside["row_id"])))
    left = await world.caller("licensing-officer", department="science", own="science").client.get(
        f"/registry/v1{path}", headers=world.caller("licensing-officer", department="science", own="science").headers
    )
    assert left.status_code in (403, 404)
