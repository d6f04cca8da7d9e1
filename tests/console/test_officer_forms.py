"""What an officer does with forms alone: an application, a change, an annual check, a pause, a closing, a proposal."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from console.test_office import CLERK, FORM, opened
from console.world import CLOSED, County2026, token
from mingjing_console.session import COOKIE

PROFILE = {
    "profile.modes:offline": "true",
    "profile.stages:primary": "true",
    "profile.organizer": "新芽文化有限公司",
    "profile.timetable": "编程 | 周六 | 09:00 | 10:30",
    "profile.prices": "编程 | 2400.50 | 20 | 45",
    "premises": "西湖区留下街道文三路1号 | 86 | 20",
    "staff.total": "4",
    "staff.teaching": "3",
    "staff.full_time_teachers": "2",
    "papers": "承诺书1号",
}


async def as_chief(county: County2026, path: str, form: dict[str, str] | None = None) -> httpx.Response:
    """The same by another officer of the department."""
    held = await county.cookie(*CLERK, name="程大寒")
    headers = {"Cookie": f"{COOKIE}={held[COOKIE]}"}
    if form is None:
        return await county.client.get(f"http://console{path}", headers=headers)
    return await county.client.post(f"http://console{path}", headers=headers | FORM, content=urlencode(form))


def form_of(page: str, act: str) -> str:
    """The form of one act, as it stands on the page."""
    found = re.search(rf'<form method="post" action="[^"]*/{act}">.*?</form>', page, re.DOTALL)
    assert found is not None, act
    return found[0]


async def licensed(county: County2026, nth: int = 0) -> tuple[str, str]:
    """An institution that works, and its department."""
    headers = {"Authorization": f"Bearer {token('licensing-officer')}"}
    address = "http://registry/registry/v1/dossiers?operation_state=operating&limit=50"
    found = (await county.client.get(address, headers=headers)).json()["items"]
    rows = [row for row in found if row["name"] != CLOSED and row["check_state"] == "" and not row["change_number"]]
    return rows[nth]["institution_id"], rows[nth]["department"]


async def test_a_new_institution_applies_and_only_business_is_listed(county: County2026) -> None:
    new = {"name": "杭州新芽编程培训有限公司", "uscc": "91330106MA99999991", "items": "编程", "nature": "营利性"}
    wrong = await opened(county, "/begin/institution", *CLERK, form=new | {"uscc": "1"})
    assert wrong.status_code >= 400
    assert "杭州新芽编程培训有限公司" in wrong.text
    assert 'role="alert"' in wrong.text
    begun = await opened(county, "/begin/institution", *CLERK, form=new | {"address": "西湖区留下街道文三路1号"})
    assert begun.status_code == 303, begun.text
    path = begun.headers["location"].partition("?")[0]
    # The county of these tests is one for all of them: whoever counts its institutions counts this one, too.
    county.ids[new["name"]] = UUID(path.rpartition("/")[2])
    act = f"/acts/institution/{path.rpartition('/')[2]}/apply-for-licence"
    bad = await opened(county, act, *CLERK, form=PROFILE | {"profile.timetable": "编程 | 周六"})
    assert bad.status_code == 422
    field = re.search(r'<label class="whole">课程表.*?</label>', bad.text, re.DOTALL)
    assert field is not None
    assert "第 1 行缺少“开始”" in field[0], "beside the field"
    assert 'aria-invalid="true"' in field[0]
    assert "编程 | 周六" in field[0], "what was typed"
    done = await opened(county, act, *CLERK, form=PROFILE)
    assert done.status_code == 303, done.text
    page = await opened(county, done.headers["location"], *CLERK)
    assert "accept-application" in page.text
    assert "规则核对" in page.text
    assert "培训场所" in page.text
    listed = await opened(county, "/applications?at=" + done.headers["location"].rpartition("=")[2], *CLERK)
    assert "杭州新芽编程培训有限公司" in listed.text
    assert len(re.findall(r"<tr>", listed.text)) < 10, "not the whole register"


async def test_a_departments_checks_are_opened_and_one_goes_from_report_to_result(county: County2026) -> None:
    id, department = await licensed(county)
    asked = {"year": "2026", "department": department, "due_on": "2026-09-30", "region": ""}
    said = await opened(county, "/annual-checks", *CLERK, form=asked)
    assert said.status_code == 200, said.text
    assert f"/institutions/{id}" in said.text
    assert "已开展" in said.text
    again = await opened(county, "/annual-checks", *CLERK, form=asked)
    assert "此前已开展" in again.text
    refused = await opened(county, "/annual-checks", "auditor", form=asked)
    assert refused.status_code == 403
    path = f"/institutions/{id}"
    await county.caught_up("registry")
    page = await opened(county, path, *CLERK)
    assert 'value="2026"' in form_of(page.text, "submit-annual-report")
    report = {"year": "2026", "reference": "年报1号", "students": "120", "staff": "12", "income_fen": "1,234.50"}
    act = f"/acts/institution/{id}"
    unread = await opened(county, f"{act}/submit-annual-report", *CLERK, form=report | {"refunds_fen": "1.234"})
    assert unread.status_code == 422
    assert "数字无法识别：1.234" in unread.text
    for name, form in (
        ("submit-annual-report", report | {"refunds_fen": "0"}),
        ("review-annual-report", {"year": "2026", "proposed": "fail", "findings": "消防通道堵塞"}),
    ):
        done = await opened(county, f"{act}/{name}", *CLERK, form=form)
        assert done.status_code == 303, done.text
    result = {"year": "2026", "result": "fail", "reason": "消防通道堵塞", "rectify_until": ""}
    dated = result | {"rectify_until": "2026-08-31"}
    mine = await opened(county, f"{act}/decide-annual-check", *CLERK, form=dated)
    assert mine.status_code in (403, 409), "who reviewed it does not decide it"
    undated = await as_chief(county, f"{act}/decide-annual-check", result)
    assert undated.status_code >= 400
    assert 'aria-invalid="true"' in undated.text
    decided = await as_chief(county, f"{act}/decide-annual-check", dated)
    assert decided.status_code == 303, decided.text
    page = await as_chief(county, decided.headers["location"])
    assert "recheck-annual-check" in page.text
    paper = re.search(rf'href="(/documents/institution/{id}/\d+)">年度检查结论通知书', page.text)
    assert paper is not None
    printed = await opened(county, paper[1], *CLERK)
    assert printed.content.startswith(b"%PDF")
    assert (await opened(county, paper[1])).status_code == 303
    assert (await opened(county, f"/documents/institution/{id}/1", *CLERK)).status_code == 404


async def test_a_change_is_proposed_by_one_and_approved_by_another(county: County2026) -> None:
    id, _ = await licensed(county, 1)
    act = f"/acts/institution/{id}"
    wish = {"number": "变更1号", "kind": "representative", "legal_representative": "范新", "reason": "换届"}
    short = await opened(county, f"{act}/propose-change", *CLERK, form=wish | {"number": ""})
    assert short.status_code == 422
    assert 'aria-invalid="true"' in short.text
    done = await opened(county, f"{act}/propose-change", *CLERK, form=wish)
    assert done.status_code == 303, done.text
    page = await as_chief(county, done.headers["location"])
    assert 'value="变更1号"' in form_of(page.text, "approve-change")
    made = await as_chief(
        county, f"{act}/approve-change", {"number": "变更1号", "decision_reference": "西教许〔2026〕1号"}
    )
    assert made.status_code == 303, made.text


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("declare-pause", {"purpose": "closure", "begins_on": "2026-07-05"}),
        ("begin-closing", {"ends_on": "2026-07-05", "liquidator": "清算组"}),
    ],
)
async def test_the_public_is_told_a_month_ahead(county: County2026, act: str, form: dict[str, str]) -> None:
    id, _ = await licensed(county, 2)
    told = form | {"notice_reference": "公告1号", "noticed_on": "2026-07-01"}
    short = await opened(county, f"/acts/institution/{id}/{act}", *CLERK, form=told)
    assert short.status_code >= 400
    assert "公告1号" in short.text
    late = {name: "2026-08-05" if text == "2026-07-05" else text for name, text in told.items()}
    done = await opened(county, f"/acts/institution/{id}/{act}", *CLERK, form=late)
    assert done.status_code == 303, done.text
    page = await opened(county, done.headers["location"], *CLERK)
    assert ("停业公告" if act == "declare-pause" else "停办公告") in page.text


async def test_a_listing_is_proposed_with_a_form(county: County2026) -> None:
    id, _ = await licensed(county, 3)
    empty = await opened(county, f"/begin/listing?party.institution_id={id}", "case-officer")
    assert f'value="{id}"' in empty.text
    form = {"party.institution_id": id, "grade": "serious", "facts": "收取预付费后失联", "evidence": "笔录1号\n照片2张"}
    none = await opened(county, "/begin/listing", "case-officer", form=form | {"legal_basis_reference": ""})
    assert none.status_code >= 400
    assert "照片2张" in none.text
    done = await opened(
        county, "/begin/listing", "case-officer", form=form | {"legal_basis_reference": "国办发〔2020〕49号"}
    )
    assert done.status_code == 303, done.text
    page = await opened(county, done.headers["location"], "case-officer")
    assert "收取预付费后失联" in page.text
    assert "drop-proposal" in page.text


async def test_the_ledger_shows_totals_groups_and_files(county: County2026) -> None:
    page = await opened(county, "/ledger?kind=non-subject", *CLERK)
    for shown in ("按类别", "按镇街", "按培训形式", "压减率", "口径", "艺术类"):
        assert shown in page.text, shown
    file = re.search(r'href="(/ledger/file\?[^"]*format=csv)"', page.text)
    assert file is not None
    csv = await opened(county, file[1].replace("&amp;", "&"), *CLERK)
    assert csv.status_code == 200
    assert "在册机构" in csv.text
    profile = re.search(r'href="(/ledger/exports/[a-z0-9-]+)"', page.text)
    assert profile is not None
    assert (await opened(county, profile[1], *CLERK)).content.startswith(b"PK")
    assert (await opened(county, "/ledger/exports/nothing", *CLERK)).status_code == 404
