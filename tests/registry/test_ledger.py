"""The base ledger over HTTP: figures live and as of then, what became of a base day, files as platforms want them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any
from uuid import UUID

from mingjing_contracts.funds import PrepaidStatedV1
from mingjing_kernel.identifiers import derived_id, new_id
from registry.conftest import Caller, World
from registry.test_api import HEADER, JIRANG, JIRANG_ROW, MUDUO, MUDUO_ID, MUDUO_ROW, SUSPENSION

JIRANG_ID = derived_id("institution", JIRANG)
SITE = "西湖区三墩镇莲花街123号商铺21号"
LEDGER = "/ledger/exports/national-platform"
OLD_ROW = JIRANG_ROW.replace("2023-06-21", "2019-06-21")
PROFILE: dict[str, Any] = {
    "title": "新平台台账",
    "columns": [
        {"heading": "名称", "field": "name"},
        {"heading": "类型", "field": "kind", "terms": [{"ours": "subject", "theirs": "XK"}]},
        {"heading": "未消课（分）", "field": "unconsumed_fen", "form": "fen"},
        {"heading": "省", "constant": "浙江省"},
    ],
    "basis": "平台数据填报通知",
    "effective_on": "2026-07-01",
    "reason": "平台更换模板",
}


async def put(caller: Caller, path: str, body: Any) -> Any:
    headers = caller.headers | {"Idempotency-Key": str(new_id())}
    answer = await caller.client.put(f"/registry/v1{path}", headers=headers, json=body)
    caller.position = answer.headers.get("Mingjing-Position", caller.position)
    return answer


def amounts(institution_id: UUID, unconsumed_fen: int) -> PrepaidStatedV1:
    return PrepaidStatedV1(
        institution_id=institution_id,
        balance_fen=1_000_000,
        unconsumed_fen=unconsumed_fen,
        contracts_open=3,
        pupils=2,
        on=date(2026, 7, 1),
    )


def kind(answer: Any) -> str:
    return str(answer.json()["type"]).removeprefix("urn:mingjing:problem:")


async def test_the_ledger_counts_what_the_registry_and_funds_know(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send((HEADER + MUDUO_ROW + JIRANG_ROW).encode(), "名单.csv")).status_code == 200
    await world.tell(amounts(MUDUO_ID, 299_900), amounts(MUDUO_ID, 299_900))
    before = await world.host.log.head()
    await world.tell(amounts(JIRANG_ID, 50_000))

    rows = {row["kind"]: row for row in (await clerk.get("/ledger", by="kind,category"))["items"]}
    assert {name: (row["category"], row["institutions"], row["sites"]) for name, row in rows.items()} == {
        "subject": ("subject", 1, 1),
        "non-subject": ("art", 1, 1),
    }
    assert (rows["non-subject"]["unconsumed_fen"], rows["non-subject"]["area"]) == (299_900, "")
    by_town = (await clerk.get("/ledger", by="area", area_digits=9))["items"]
    assert sum(row["institutions"] for row in by_town) == 2
    assert len({row["area"] for row in by_town}) == 2
    now = await clerk.get("/ledger/totals")
    assert (now["totals"]["unconsumed_fen"], now["totals"]["prepaid_by"], now["totals"]["pupils"]) == (349_900, 2, 4)
    assert now["position"] == await world.host.log.head()
    sources = {one["source"] for one in now["definitions"]}
    assert sources == {"registry", "register", "staff-records", "funds", "schools"}
    then = await clerk.get("/ledger/totals", as_of=f"@{before}")
    assert (then["totals"]["unconsumed_fen"], then["totals"]["institutions"], then["position"]) == (299_900, 2, before)
    (subject,) = (await clerk.get("/ledger", by="kind", kind="subject", as_of=f"@{before}"))["items"]
    assert (subject["institutions"], subject["prepaid_by"]) == (1, 0)

    assert kind(await clerk.read("/ledger", by="size")) == "dimension-unknown"
    elsewhere = world.caller("licensing-officer", region="330108")
    assert (await elsewhere.get("/ledger/totals"))["totals"]["institutions"] == 0
    assert (await world.caller("grid-officer").get("/ledger"))["items"] == []
    sheet = await clerk.read("/ledger", format="xlsx")
    assert sheet.content.startswith(b"PK")
    assert (await world.replayed()).differences == 0


async def test_what_schools_found_out_stands_beside_the_pupils_of_contracts(world: World) -> None:
    clerk = world.caller("licensing-officer")
    assert (await clerk.send((HEADER + MUDUO_ROW + JIRANG_ROW).encode(), "名单.csv")).status_code == 200
    await world.tell(amounts(MUDUO_ID, 299_900))
    for number, name in ((1, "第一小学"), (2, "第二小学")):
        school = {"name": name, "division": "330106", "stage": "小学"}
        assert (await put(clerk, f"/schools/{UUID(int=number)}", school)).status_code == 200
    answers = [{"name": "木铎轩", "pupils": 12}, {"name": "无此机构", "pupils": 5}]
    before = await surveyed(clerk, 1, 1, "2026-05-20", answers)
    await surveyed(clerk, 2, 2, "2026-05-21", [{"name": "第三处", "pupils": 3, "institution_id": str(MUDUO_ID)}])
    now = await clerk.get("/ledger/totals")
    totals = now["totals"]
    assert (totals["pupils_surveyed"], totals["pupils_surveyed_by"], totals["pupils"]) == (15, 1, 2)
    assert now["surveys"] == {
        "schools": 2, "pupils_asked": 200, "pupils_training": 20, "pupils_placed": 15,
        "first_held_on": "2026-05-20", "last_held_on": "2026-05-21",
    }  # fmt: skip
    # The school asked again: what it found before counts no more, not even of who is named in the older one only.
    await surveyed(clerk, 1, 3, "2026-06-20", [{"name": "无此机构", "pupils": 9}])
    await surveyed(clerk, 1, 4, "2026-03-01", [{"name": "木铎轩", "pupils": 99}])
    (art,) = (await clerk.get("/ledger", by="category", category="art"))["items"]
    assert (art["pupils_surveyed"], art["pupils"]) == (3, 2)
    then = await clerk.get("/ledger/totals", as_of=f"@{before}")
    assert (then["totals"]["pupils_surveyed"], then["surveys"]["schools"]) == (12, 1)
    elsewhere = await world.caller("licensing-officer", region="330108").get("/ledger/totals")
    assert (elsewhere["totals"]["pupils_surveyed"], elsewhere["surveys"]["schools"]) == (0, 0)
    assert (await world.replayed()).differences == 0


async def surveyed(clerk: Caller, school: int, survey: int, held_on: str, answers: list[dict[str, Any]]) -> int:
    """A school says where its pupils train; the position of what it said."""
    body = {"held_on": held_on, "pupils_asked": 100, "answers": answers}
    answer = await put(clerk, f"/schools/{UUID(int=school)}/surveys/{UUID(int=survey)}", body)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["position"])


async def test_what_became_of_a_base_day_is_told_with_its_formula(world: World) -> None:
    clerk, chief = world.caller("licensing-officer"), world.caller("licensing-officer", subject="chief")
    other = OLD_ROW.replace(JIRANG, "52330106MJ0000RE6K").replace("击壤屿", "朗月堂").replace("26,", "27,", 1)
    assert (await clerk.send((HEADER + MUDUO_ROW + OLD_ROW + other).encode(), "名单.csv")).status_code == 200
    revocation = SUSPENSION | {"hearing_notice_reference": "听1"}
    approver = world.caller("approver")
    before = (await clerk.get("/ledger/reduction/totals", base_on="2021-07-24"))["position"]
    revoked = await approver.post(f"/institutions/{JIRANG_ID}/licence/revocation", revocation)
    assert revoked.status_code == 200, revoked.text
    path = f"/institutions/{derived_id('institution', '52330106MJ0000RE6K')}/changes"
    convert = {
        "number": "变1", "kind": "to-non-subject", "categories": ["art"], "reason": "转型",
        "consent_reference": "文旅函〔2026〕1号",
    }  # fmt: skip
    assert (await clerk.post(path, convert)).status_code == 200
    assert (await chief.post(f"{path}/变1/approval", {"decision_reference": "西教变〔2026〕1号"})).status_code == 200
    clerk.position = chief.position

    told = await clerk.get("/ledger/reduction/totals", base_on="2021-07-24")
    figures = told["totals"]
    assert {name: figures[name] for name in ("base", "revoked", "converted", "now", "reduction_bp")} == {
        "base": 2,
        "revoked": 1,
        "converted": 1,
        "now": 0,
        "reduction_bp": 10_000,
    }
    assert told["formula_zh"] == "压减率＝（基数－现数）÷基数"
    then = await clerk.get("/ledger/reduction/totals", base_on="2021-07-24", as_of=f"@{before}")
    assert (then["totals"]["base"], then["totals"]["now"], then["totals"]["reduction_bp"]) == (2, 2, 0)
    others = await clerk.get("/ledger/reduction/totals", base_on="2021-07-24", kind="non-subject")
    assert (others["totals"]["base"], others["totals"]["converted_in"], others["totals"]["now"]) == (1, 1, 2)
    rows = (await clerk.get("/ledger/reduction", base_on="2021-07-24"))["items"]
    assert [(row["area"], row["base"], row["now"]) for row in rows] == [("330106", 2, 0)]
    assert kind(await clerk.read("/ledger/reduction/totals", base_on="2026-07-02")) == "base-day-too-late"
    assert (await world.replayed()).differences == 0


async def test_a_file_names_its_profile_and_shows_one_position_for_ever(world: World) -> None:
    clerk = world.caller("licensing-officer")
    administrator = world.caller("administrator")
    assert (await clerk.send((HEADER + MUDUO_ROW).encode(), "名单.csv")).status_code == 200
    await world.tell(amounts(MUDUO_ID, 299_900))
    shipped = await clerk.read(LEDGER, format="csv")
    assert shipped.headers["mingjing-export-profile"] == "national-platform/default/1"
    position = shipped.headers["mingjing-as-of-position"]
    head, row = csv.reader(io.StringIO(shipped.text.removeprefix("\ufeff")))
    line = dict(zip(head, row, strict=True))
    assert (line["统一社会信用代码"], line["培训类型"], line["许可证状态"]) == (MUDUO, "非学科类", "有效")
    assert (line["未消课金额（元）"], line["在训学员数"], line["办学地址"]) == ("2999.00", "2", SITE)

    version = new_id()
    path = f"/export-profiles/national-platform/versions/{version}"
    wrong = PROFILE | {"columns": [{"heading": "密码", "field": "password"}]}
    assert kind(await put(clerk, path, wrong)) == "profile-field-unknown"
    assert (await put(clerk, path, PROFILE)).status_code == 200
    assert kind(await clerk.read(LEDGER, format="csv", version=str(version))) == "profile-version-not-in-force"
    acts = {one["act"]: one for one in (await administrator.get(f"{path}/available-actions"))["actions"]}
    assert acts["approve-export-profile"]["available"]
    assert kind(await clerk.post(f"{path}/approval")) == "outside-scope"
    approved = await administrator.post(f"{path}/approval")
    assert approved.status_code == 200, approved.text
    assert kind(await administrator.post(f"{path}/withdrawal", {"reason": "误"})) == "profile-version-approved"

    made = await clerk.read(LEDGER, format="json-file")
    assert made.headers["mingjing-export-profile"] == "national-platform/1"
    document = json.loads(made.content)
    assert [column["title"] for column in document["columns"]] == ["名称", "类型", "未消课（分）", "省"]
    assert list(document["rows"][0].values())[1:] == ["non-subject", 299_900, "浙江省"]
    assert f"@{made.headers['mingjing-as-of-position']}" in document["as_of"]
    (shown,) = [one for one in (await clerk.get("/export-profiles"))["profiles"] if one["name"] == "national-platform"]
    assert (shown["version"], [one["state"] for one in shown["versions"]]) == ("1", ["approved"])

    # The past keeps its rows; what was told later is not in it.
    await world.tell(amounts(MUDUO_ID, 1))
    again = await clerk.read(LEDGER, format="json-file", as_of=f"@{position}")
    assert list(json.loads(again.content)["rows"][0].values())[2] == 299_900
    assert kind(await clerk.read("/ledger/exports/nobody")) == "profile-unknown"
    printed = await clerk.read(LEDGER)
    assert printed.content.startswith(b"PK")
    assert "national-platform-1-at-" in printed.headers["content-disposition"]
    assert (await world.replayed()).differences == 0
