"""The registry over HTTP: licences, sites, kept-aside rows, the public look-up, and who may do what."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from mingjing_contracts.funds import CustodyAccountActivatedV1, CustodyAccountClosedV1
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.schema import read_schema_of
from registry.conftest import Caller, World
from registry.licence_story import CONTENT, licensed

MUDUO = "91330106MA00001B3D"
JIRANG = "52330106MJ00001U19"
HEADER = "机构名称,统一社会信用代码,办学许可证号,发证日期,有效期至,培训类别,负责人,电话,地址,年检结论\n"
MUDUO_ROW = (
    f"杭州木铎轩书画培训学校有限公司,{MUDUO},教民133010670000016,2019-06-07,2028-06-07,书法,范杰俊,19900004241,"
    "西湖区三墩镇莲花街123号商铺21号,合格\n"
)
JIRANG_ROW = (
    f"杭州市西湖区击壤屿培训学校,{JIRANG},教民133010670000026,2023-06-21,2028-06-21,数学,范伟刚,19900007256,"
    "西湖区灵隐街道三墩街573号瑞禾广场A座505室,合格\n"
)
MUDUO_ID = derived_id("institution", MUDUO)
SUSPENSION = {
    "decision_reference": "西教罚〔2026〕1号",
    "served_on": "2026-06-30",
    "reason": "抽逃资金",
    "legal_basis": "民办教育促进法第六十二条",
}


def file(*rows: str) -> bytes:
    return (HEADER + "".join(rows)).encode()


def account(institution_id: UUID = MUDUO_ID) -> CustodyAccountActivatedV1:
    return CustodyAccountActivatedV1(
        account_id=UUID(int=1),
        institution_id=institution_id,
        bank="湖畔商业银行",
        account_name="木铎轩专户",
        opened_on=date(2026, 6, 1),
    )


@pytest.fixture(name="clerk")
async def make_clerk(world: World) -> Caller:
    clerk = world.caller("licensing-officer")
    answer = await clerk.send(file(MUDUO_ROW), "名单.csv")
    assert answer.status_code == 200, answer.text
    return clerk


def problem(answer: Any) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["type"].removeprefix("urn:mingjing:problem:"), told["field"]


async def test_the_whitelist_follows_the_facts_and_remembers(world: World, clerk: Caller) -> None:
    assert (await world.public.get("/whitelist"))["items"] == []
    await world.tell(account(), account())
    (listed,) = (await world.public.get("/whitelist"))["items"]
    assert (listed["uscc"], listed["custody_account_name"], listed["reason"]) == (MUDUO, "木铎轩专户", "conditions-met")
    before = await world.host.log.head()

    approver = world.caller("approver")
    assert (await approver.post(f"/institutions/{MUDUO_ID}/licence/suspension", SUSPENSION)).status_code == 200
    assert (await approver.get("/whitelist"))["items"] == []
    (left,) = (await approver.get("/whitelist", is_listed=False))["items"]
    assert (left["reason"], left["left_on"]) == ("licence-suspended", "2026-07-01")
    (then,) = (await world.public.get("/whitelist", as_of=f"@{before}"))["items"]
    assert then["uscc"] == MUDUO

    back = {"decision_reference": "西教〔2026〕9号", "reason": "整改合格"}
    assert (await approver.post(f"/institutions/{MUDUO_ID}/licence/reinstatement", back)).status_code == 200
    (again,) = (await approver.get("/whitelist"))["items"]
    assert [move["listed"] for move in again["movements"]] == [True, False, True]
    assert (await world.replayed()).differences == 0


async def test_who_closes_its_custody_account_leaves_the_whitelist(world: World, clerk: Caller) -> None:
    await world.tell(account())
    seen = await clerk.get(f"/institutions/{MUDUO_ID}")
    assert (seen["custody_active"], seen["is_white"]) == (True, True)
    before = await world.host.log.head()
    other = CustodyAccountClosedV1(account_id=UUID(int=2), institution_id=MUDUO_ID, closed_on=date(2026, 6, 30))
    closed = CustodyAccountClosedV1(account_id=UUID(int=1), institution_id=MUDUO_ID, closed_on=date(2026, 6, 30))
    await world.tell(other)
    assert (await clerk.get(f"/institutions/{MUDUO_ID}"))["is_white"]
    await world.tell(closed, closed)
    (left,) = (await clerk.get("/whitelist", is_listed=False))["items"]
    assert (left["reason"], left["left_on"]) == ("custody-inactive", "2026-07-01")
    assert not (await clerk.get(f"/institutions/{MUDUO_ID}"))["custody_active"]
    assert (await clerk.get(f"/institutions/{MUDUO_ID}", as_of=f"@{before}"))["is_white"]
    assert (await world.public.get(f"/public/institutions/{MUDUO_ID}", as_of=f"@{before}"))["is_white"]


async def test_who_changes_its_bank_is_published_with_the_new_account(world: World, clerk: Caller) -> None:
    await world.tell(account())
    before = await world.host.log.head()
    moved = {"account_id": UUID(int=2), "bank": "江南银行", "account_name": "木铎轩新专户"}
    await world.tell(account().model_copy(update=moved))
    (row,) = (await world.public.get("/whitelist"))["items"]
    assert (row["custody_bank"], row["custody_account_name"]) == ("江南银行", "木铎轩新专户")
    assert len(row["movements"]) == 1
    one = await world.public.get(f"/public/institutions/{MUDUO_ID}")
    assert (one["custody_bank"], one["custody_account_name"]) == ("江南银行", "木铎轩新专户")
    (then,) = (await world.public.get("/whitelist", as_of=f"@{before}"))["items"]
    assert (then["custody_bank"], then["custody_account_name"]) == ("湖畔商业银行", "木铎轩专户")
    assert (await world.replayed()).differences == 0


async def test_an_alert_suspends_nobody_and_licensing_is_not_punishing(world: World, clerk: Caller) -> None:
    path = f"/institutions/{MUDUO_ID}/licence/suspension"
    approver = world.caller("approver")
    refused = await approver.post(path, SUSPENSION | {"decision_reference": ""})
    assert problem(refused) == (409, "decision-not-served", "decision_reference")
    assert "预警" in refused.json()["detail"]
    assert problem(await approver.post(path, SUSPENSION | {"served_on": "2026-07-02"}))[1] == "decision-not-served"
    assert (await clerk.post(path, SUSPENSION)).status_code == 403
    assert (await world.public.post(path, SUSPENSION)).status_code == 401
    elsewhere = world.caller("approver", region="330108")
    assert (await elsewhere.post(path, SUSPENSION)).status_code == 403
    unknown = f"/institutions/{UUID(int=9)}/licence/suspension"
    assert problem(await approver.post(unknown, SUSPENSION))[:2] == (404, "institution-unknown")


async def test_a_new_institution_gets_its_licence_and_its_site(world: World) -> None:
    clerk = world.caller("licensing-officer", own="science")
    body = {
        "name": "杭州新芽编程培训有限公司",
        "uscc": "9133 0106ma00001B3D",
        "items": "编程",
        "phone": "19900000001",
        "address": "西湖区留下街道文三路1号",
    }
    registered = await clerk.post("/institutions", body)
    assert registered.status_code == 201, registered.text
    path = f"/institutions/{registered.json()['institution_id']}"
    await licensed(world, clerk, path)
    seen = await clerk.get(path)
    assert (seen["licence_state"], seen["department"], seen["region"]) == ("licensed", "science", "330106013")

    (granted,) = (await clerk.get("/sites"))["items"]
    assert (granted["address"], granted["state"]) == ("西湖区留下街道文三路1号", "approved"), "the grant's own premises"
    proposed = (await clerk.post(f"{path}/sites", {"address": "杭州市西湖区留下街道文三路2号", "area_m2": 86})).json()
    assert (proposed["town_code"], len(proposed["grid_code"])) == ("330106013", 15)
    shown = await Caller(world.client, {}, clerk.position).get(f"/public{path}")
    assert [site["address"] for site in shown["sites"]] == [granted["address"]]
    site_path = f"/sites/{proposed['site_id']}"
    assert problem(await clerk.post(f"{site_path}/approval"))[1] == "site-signature-missing"
    short = {"site_check_reference": "K2", "area_m2": 86, "students_max": 29}
    assert (await clerk.post(f"{site_path}/signature", short)).status_code == 200
    assert problem(await clerk.post(f"{site_path}/approval"))[1] == "signatures-missing"
    second = world.caller("licensing-officer", subject="second-officer")
    second.position = clerk.position
    assert problem(refused := await second.post(f"{site_path}/approval")) == (409, "site-area-short", "area_m2")
    assert refused.json()["detail"] == "教学点面积 86 平方米，每班次 29 人，需要 87.00 平方米。"
    waiver = {"rule": "R6", "reason": "户外项目", "legal_basis": "教监管厅函〔2022〕9号"}
    assert (await second.post(f"{site_path}/waivers", waiver)).status_code == 403
    assert (await clerk.post(f"{site_path}/signature", {"site_check_reference": "K3"})).status_code == 200
    (site,) = (await clerk.get("/sites", site_id=proposed["site_id"]))["items"]
    assert (site["area_m2"], site["students_max"]) == (86, None), "as stated: nobody measured at that check"
    half = {"site_check_reference": "K3", "area_m2": 86}
    assert problem(await clerk.post(f"{site_path}/signature", half)) == (422, "site-figures-incomplete", "students_max")
    assert (await clerk.post(f"{site_path}/signature", short | {"students_max": 28})).status_code == 200
    second.position = clerk.position
    assert (await second.post(f"{site_path}/approval")).status_code == 200
    clerk.position = second.position
    shown = await Caller(world.client, {}, clerk.position).get(f"/public{path}")
    assert sorted(site["address"] for site in shown["sites"]) == [f"西湖区留下街道文三路{n}号" for n in (1, 2)]
    assert (await clerk.post(f"/sites/{proposed['site_id']}/closing", {"reason": "搬迁"})).status_code == 200
    (site,) = (await clerk.get("/sites", site_id=proposed["site_id"]))["items"]
    assert (site["state"], site["closed_on"]) == ("closed", "2026-07-01")


async def test_who_lost_the_licence_gets_no_further_site_and_stays_published_when_applying_anew(
    world: World, clerk: Caller
) -> None:
    path = f"/institutions/{MUDUO_ID}"
    site = (await clerk.post(f"{path}/sites", {"address": "西湖区留下街道文三路1号", "area_m2": 86})).json()
    site_path = f"/sites/{site['site_id']}"
    measured = {"site_check_reference": "K2", "area_m2": 86, "students_max": 20}
    assert (await clerk.post(f"{site_path}/signature", measured)).status_code == 200
    approver, second = world.caller("approver"), world.caller("licensing-officer", subject="second-officer")
    revocation = SUSPENSION | {"hearing_notice_reference": "西教听〔2026〕1号"}
    assert (await approver.post(f"{path}/licence/revocation", revocation)).status_code == 200
    second.position = approver.position
    actions = {one["act"]: one for one in (await second.get(f"{site_path}/available-actions"))["actions"]}
    refused = await second.post(f"{site_path}/approval")
    assert problem(refused)[:2] == (409, "licence-not-in-that-state")
    assert actions["approve-site"]["why_not"]["detail"] == refused.json()["detail"]
    public = Caller(world.client, {}, approver.position)
    assert (await public.get(f"/public{path}"))["licence_state"] == "revoked"

    clerk.position = approver.position
    applied = await clerk.post(f"{path}/licence/application", CONTENT)
    assert applied.status_code == 200, applied.text
    public.position = clerk.position
    seen = await public.get(f"/public{path}")
    assert (seen["licence_state"], seen["is_white"]) == ("applied", False)
    assert [one["uscc"] for one in (await public.get("/public/institutions", search="木铎轩"))["items"]] == [MUDUO]
    assert (await world.replayed()).differences == 0


async def test_a_code_typed_wrong_is_refused_with_its_remedy(world: World) -> None:
    clerk = world.caller("licensing-officer")
    answer = await clerk.post("/institutions", {"name": "甲", "uscc": "91330106MA00001B3E"})
    assert problem(answer) == (422, "row-still-wrong", "uscc")
    assert "校验码" in answer.json()["detail"]
    assert "按登记证书填写" in answer.json()["remedy"]


async def test_a_kept_aside_row_is_mended_and_taken(world: World, clerk: Caller) -> None:
    sent = await clerk.send(file(JIRANG_ROW.replace(JIRANG, "")), "二.csv")
    (row_id,) = sent.json()["kept_aside"]
    (row,) = (await clerk.get("/kept-aside"))["items"]
    assert (row["row"], row["field"], row["problems"][0]["code"]) == (2, "uscc", "uscc-missing")
    path = f"/kept-aside/{row_id}/mending"
    still = await clerk.post(path, {"fields": {"uscc": "123"}})
    assert problem(still) == (422, "row-still-wrong", "uscc")
    assert problem(await clerk.post(path, {"fields": {"colour": "red"}}))[0] == 422
    lists = ("/kept-aside", "/imports", "/institutions", "/sites", "/whitelist", "/public/institutions")
    then = [await clerk.get(path, search="击壤") for path in lists]
    waited = f"@{await world.host.log.head()}"
    key = UUID(int=5)
    done = await clerk.post(path, {"fields": {"uscc": JIRANG}}, key=key, reason="按登记证书")
    assert done.status_code == 200, done.text
    again = await clerk.post(path, {"fields": {"uscc": JIRANG}}, key=key, reason="按登记证书")
    assert again.status_code == 200, again.text
    assert again.json()["repeated"]
    assert (await clerk.get("/kept-aside"))["items"] == []
    assert [await clerk.get(path, search="击壤", as_of=waited) for path in lists] == then
    (taken,) = (await clerk.get("/kept-aside", state="taken"))["items"]
    assert (taken["reason"], taken["institution_id"]) == ("按登记证书", str(derived_id("institution", JIRANG)))
    assert (await clerk.get("/institutions", search="击壤"))["items"][0]["uscc"] == JIRANG
    assert problem(await clerk.post(path, {"fields": {"uscc": MUDUO}}))[1] == "row-settled"
    assert (await clerk.send(file(JIRANG_ROW.replace(JIRANG, "")), "三.csv")).json()["repeated"]
    assert (await clerk.get("/kept-aside"))["items"] == []
    assert (await world.replayed()).differences == 0


async def test_of_two_contradicting_rows_a_person_decides(world: World, clerk: Caller) -> None:
    sent = await clerk.send(file(MUDUO_ROW.replace("范杰俊", "毛涵")), "二.csv")
    (row_id,) = sent.json()["kept_aside"]
    assert problem(await clerk.post(f"/kept-aside/{row_id}/retry"))[1] == "contradicts-register"
    before = (await clerk.get(f"/institutions/{MUDUO_ID}"))["legal_representative"]
    done = await clerk.post(f"/kept-aside/{row_id}/mending", {"fields": {}, "prevails": True}, reason="已核实")
    assert done.status_code == 200
    after = (await clerk.get(f"/institutions/{MUDUO_ID}"))["legal_representative"]
    assert (before, after) == ("范杰俊", "毛涵")


async def test_a_row_is_dismissed_with_a_reason(world: World, clerk: Caller) -> None:
    (row_id,) = (await clerk.send(file(JIRANG_ROW.replace(JIRANG, "")), "二.csv")).json()["kept_aside"]
    path = f"/kept-aside/{row_id}/dismissal"
    assert problem(await clerk.post(path, {"reason": " "}))[1] == "reason-missing"
    other = world.caller("licensing-officer", department="science")
    assert (await other.post(path, {"reason": "重复"})).status_code == 403
    assert (await clerk.post(path, {"reason": "机构已撤回申请"})).status_code == 200
    assert (await clerk.get("/kept-aside"))["items"] == []


async def test_a_department_sends_its_own_list_only(world: World) -> None:
    science = world.caller("licensing-officer", department="science", own="science")
    answer = await science.send("西湖区教育局名单\n".encode() + file(MUDUO_ROW), "a.csv")
    assert answer.status_code == 403
    assert (await world.caller("auditor").send(file(MUDUO_ROW), "a.csv")).status_code == 403
    assert await world.host.log.head() == 0


@pytest.mark.parametrize(
    ("content", "type_"),
    [(b"PK\x03\x04nothing", "file-unreadable"), (b"a,b\n1,2\n", "layout-unknown"), (b"", "file-unreadable")],
)
async def test_a_file_that_cannot_be_read_is_refused_in_words(world: World, content: bytes, type_: str) -> None:
    answer = await world.caller("licensing-officer").send(content, "a.xlsx")
    assert problem(answer) == (422, type_, "file")
    assert ("/imports/previews" in (answer.json()["remedy"] or "-")) == (type_ == "layout-unknown")


async def test_notices_find_their_institution_by_a_spoken_name(world: World, clerk: Caller) -> None:
    notices = (
        "受理日期,机构,事项,起,止,内容,是否公示\n"
        "2026-02-06,木铎轩书画,停课报备,2026-03-01,2026-03-08,装修,是\n"
        "2026-02-07,无此机构,停课报备,2026-03-01,2026-03-08,装修,是\n"
    ).encode()
    answer = (await clerk.send(notices, "报备.csv")).json()
    assert (answer["counts"]["notices"], answer["counts"]["kept_aside"]) == (1, 1)
    seen = await clerk.get(f"/institutions/{MUDUO_ID}")
    assert [notice["matter"] for notice in seen["notices"]] == ["停课报备"]
    (row_id,) = answer["kept_aside"]
    fixed = await clerk.post(f"/kept-aside/{row_id}/mending", {"fields": {"name": "木铎轩"}})
    assert fixed.status_code == 200
    assert len((await clerk.get(f"/institutions/{MUDUO_ID}"))["notices"]) == 2


async def test_licences_run_out_and_the_answer_says_which(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW.replace("2028-06-07", "2026-06-30")), "a.csv")
    await world.tell(account())
    assert len((await clerk.get("/whitelist"))["items"]) == 1
    ran_out = (await clerk.post("/licences/expiry")).json()
    assert ran_out["institutions"] == [str(MUDUO_ID)]
    assert (await clerk.post("/licences/expiry")).json()["institutions"] == []
    (left,) = (await clerk.get("/whitelist", is_listed=False))["items"]
    assert left["reason"] == "licence-expired"
    path = f"/institutions/{MUDUO_ID}/licence"
    assert (await clerk.post(f"{path}/renewal-signature", {"expires_on": "2029-06-30"})).status_code == 200
    chief = world.caller("licensing-officer", subject="chief")
    assert (await chief.post(f"{path}/renewal")).status_code == 200
    clerk.position = chief.position
    assert len((await clerk.get("/whitelist"))["items"]) == 1


async def test_neither_a_refused_write_nor_a_reader_is_told_that_a_change_is_safe_while_the_lists_are_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.host, "up_to_date", partial(world.host.up_to_date, 0.1))
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW.replace("2028-06-07", "2026-06-30")), "a.csv")
    await clerk.get("/institutions")
    async with world.host.log.pool.acquire() as connection:
        table = f'"{read_schema_of("registry")}".projection'
        await connection.execute(f"UPDATE {table} SET fingerprint = 'of another release'")
        await clerk.send(file(JIRANG_ROW), "b.csv")
        head = await world.host.log.head()
        refused = await clerk.post("/licences/expiry")
        assert (refused.status_code, await world.host.log.head()) == (503, head)
        said = refused.json()
        assert said["type"].endswith(":lists-behind")
        assert "so it was not completed" in said["detail_en"]
        assert "未办理完成" in said["detail"]
        monkeypatch.setattr(world.host.runner, "wait_for", partial(world.host.runner.wait_for, seconds=0.1))
        late = await clerk.read("/institutions", as_of=f"@{head}")
        assert (late.status_code, late.json()["type"].rsplit(":", 1)[-1]) == (503, "not-there-yet")
        assert "your" not in late.text
        health = await world.client.get("/registry/v1/health")
        assert (health.status_code, health.json()["ready"]) == (503, False)
        assert "another release" in health.json()["projections"]["because"]
        assert "另一版本" in health.json()["fault"]
        assert (await clerk.send(file(JIRANG_ROW), "c.csv")).status_code == 200, (
            "a write is safe whatever the lists are"
        )
        await connection.execute(f"UPDATE {table} SET fingerprint = $1", world.host.runner.store.fingerprint)
    assert (await world.client.get("/registry/v1/health")).status_code == 200
    monkeypatch.undo()
    assert (await clerk.post("/licences/expiry")).json()["institutions"] == [str(MUDUO_ID)]


async def test_the_public_sees_the_list_and_no_person(world: World, clerk: Caller) -> None:
    visitor = Caller(world.client, {}, clerk.position)
    (found,) = (await visitor.get("/public/institutions", search="木铎"))["items"]
    assert found["uscc"] == MUDUO
    everything = str(found) + (await visitor.read(f"/public/institutions/{MUDUO_ID}")).text
    assert not {word for word in ("范杰俊", "19900004241", "phone", "legal_representative") if word in everything}
    assert (await visitor.read("/institutions")).status_code == 401
    assert (await visitor.read("/public/institutions", search="x")).status_code == 422
    assert problem(await visitor.read(f"/public/institutions/{UUID(int=9)}"))[0] == 404


async def test_the_public_may_not_ask_without_end(world: World) -> None:
    answers = [(await world.public.read("/whitelist")).status_code for _ in range(61)]
    assert (answers.count(200), answers[-1]) == (60, 429)


async def test_an_official_of_another_place_sees_nothing(world: World, clerk: Caller) -> None:
    for other in (
        world.caller("inspector", region="330108"),
        world.caller("licensing-officer", department="science"),
        world.caller("bank"),
    ):
        other.position = clerk.position
        assert (await other.get("/institutions"))["items"] == []
        assert (await other.read(f"/institutions/{MUDUO_ID}")).status_code == 404
        assert (await other.get("/imports"))["items"] == []
    town = world.caller("grid-officer", region="330106109")
    assert [one["uscc"] for one in (await town.get("/institutions"))["items"]] == [MUDUO]


async def test_every_list_is_a_file_too(world: World, clerk: Caller) -> None:
    await clerk.send(file(JIRANG_ROW.replace(JIRANG, "")), "二.csv")
    for path in ("/institutions", "/sites", "/imports", "/kept-aside", "/whitelist"):
        for format, start in (("csv", "\ufeff".encode()), ("xlsx", b"PK")):
            answer = await clerk.read(path, format=format)
            assert (answer.status_code, answer.content[: len(start)]) == (200, start), (path, format)


async def test_one_import_with_its_remarks(world: World) -> None:
    clerk = world.caller("licensing-officer")
    sent = (await clerk.send(file(MUDUO_ROW.replace("2019-06-07", "2019.6.7")), "a.csv")).json()
    seen = await clerk.get(f"/imports/{sent['import_id']}")
    assert seen["remarks"] == sent["remarks"]
    assert (await clerk.get(f"/imports/{sent['import_id']}", as_of="@1"))["state"] == "begun"
    assert [(one["row"], one["code"], one["severity"]) for one in seen["remarks"]] == [(2, "date-notation", "tidied")]
    assert (await clerk.read(f"/imports/{UUID(int=9)}")).status_code == 404
