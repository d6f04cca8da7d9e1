"""Staff, filings, findings, sites and providers: begun by a form, seen on a page, settled by somebody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from conftest import Databases
from console.test_office import opened
from console.world import County2026, host_of
from mingjing_console import service as console
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_registry import service as registry

CLERK, APPROVER = ("licensing-officer",), ("approver",)
INSPECTOR = ("case-officer",)
PERSON = {"name": "黄某某", "id_number": "11010519491231002X"}


OURS = "杭州验收棋院培训有限公司"
CODE = "91330106MA00001M3P"
ROW = f"""机构名称,统一社会信用代码,许可证号,发证日期,有效期至,培训类别,办学地址
{OURS},{CODE},330106202000000101,2020-01-01,2028-12-31,围棋,西湖区留下街道文三路1号
"""


@pytest.fixture(scope="module")
async def county(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[County2026]:
    """Registry and console alone, with one licensed institution: what the others would say is a gap on a page."""
    directory = tmp_path_factory.mktemp("office")
    for name in ("sealing", "index"):
        make_key_file(directory / "keys" / f"{name}.key")
    async with AsyncExitStack() as stack:
        hosts = {
            one.name: await host_of(one, databases, directory, stack) for one in (registry.SERVICE, console.SERVICE)
        }
        mounts = {f"http://{name}": httpx.ASGITransport(host.app()) for name, host in hosts.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts, timeout=60))
        for host in hosts.values():
            await host.client.aclose()
            host.client = client
            await stack.enter_async_context(host.running())
        made = County2026(hosts, client)
        headers = {"Content-Type": "application/octet-stream"}
        address = "http://registry/registry/v1/imports?stated_on=2026-06-30"
        await made.send("licensing-officer", "POST", address, content=ROW.encode(), headers=headers)
        await made.caught_up("registry")
        found = await opened(made, f"/institutions?search={CODE}", *CLERK)
        listed = re.search(r'href="/institutions/([0-9a-f-]{36})"', found.text)
        assert listed is not None, found.text
        made.ids[OURS] = UUID(listed[1])
        yield made


async def begun(county: County2026, what: str, form: dict[str, str], *roles: str) -> str:
    """The address to which the form leads; sent twice it is done once."""
    sent = {"institution_id": str(county.ids[OURS]), "_key": str(new_id())} | form
    first = await opened(county, f"/begin/{what}", *roles, form=sent)
    assert first.status_code == 303, first.text
    again = await opened(county, f"/begin/{what}", *roles, form=sent)
    assert again.headers["location"].partition("?")[0] == first.headers["location"].partition("?")[0]
    return first.headers["location"]


async def test_an_item_is_filed_by_a_form_and_accepted_by_somebody_else(county: County2026) -> None:
    digest = "ab" * 32
    form = {"kind": "material", "title": "围棋入门教材", "evidence_sha256": digest}
    wrong = await opened(county, "/begin/filing", *CLERK, form=form | {"institution_id": "", "_key": str(new_id())})
    assert (wrong.status_code, "围棋入门教材" in wrong.text) == (422, True), "what was typed is still there"
    page = await opened(county, at := await begun(county, "filing", form, *CLERK), *CLERK)
    assert digest in page.text
    assert "待审" in page.text
    path = at.partition("?")[0]
    own = await opened(county, f"/acts/filing/{path.rpartition('/')[2]}/refuse-item", *CLERK, form={"reason": ""})
    assert own.status_code in (403, 422)
    listed = await opened(county, "/filings?" + urlencode({"institution_id": str(county.ids[OURS])}), *CLERK)
    assert path in listed.text
    unseen = await opened(county, f"/filings/{new_id()}", *CLERK)
    assert unseen.status_code == 404


async def test_who_works_there_is_a_mask_with_what_may_be_done(county: County2026) -> None:
    form = PERSON | {"work": "teacher", "is_subject": "false", "is_full_time": "true", "from_on": "2026-06-01"}
    bare = {"institution_id": str(county.ids[OURS]), "_key": str(new_id())} | form
    refused = await opened(county, "/begin/staff", *CLERK, form=bare)
    assert (refused.status_code, "能力证明" in refused.text) == (409, True), "R7"
    proof = {"qualification.proof": "ability", "qualification.number": "棋协三级"}
    at = await begun(county, "staff", form | proof, *CLERK)
    page = await opened(county, at, *CLERK)
    assert "黄**" in page.text
    assert PERSON["id_number"] not in page.text
    assert PERSON["name"] not in page.text
    member = at.partition("?")[0].rpartition("/")[2]
    left = {"left_on": "2026-06-30", "reason": "辞职", "_key": str(new_id())}
    done = await opened(county, f"/acts/staff/{member}/end-employment", *CLERK, form=left)
    assert done.status_code == 303, done.text
    gone = await opened(county, done.headers["location"], *CLERK)
    assert "2026-06-30" in gone.text, "whoever has left is still to be found"
    outsider = await opened(county, f"/staff/{member}", "hotline-operator")
    assert outsider.status_code == 404


async def test_a_finding_and_a_site_have_pages(county: County2026) -> None:
    form = {"kind": "overseas-curriculum", "what": "使用境外教材", "channel": "", "seen_on": "2026-06-30"}
    at = await begun(county, "breach", form | {"evidence_reference": "证1"}, *INSPECTOR)
    page = await opened(county, at, *APPROVER)
    assert "使用境外教材" in page.text
    breach = at.partition("?")[0].rpartition("/")[2]
    ended = {"how": "corrected", "reason": "已停用", "_key": str(new_id())}
    done = await opened(county, f"/acts/breach/{breach}/end-breach", *APPROVER, form=ended)
    assert done.status_code in (303, 403), done.text
    sites = await opened(county, "/sites?" + urlencode({"state": "approved"}), *CLERK)
    one = re.search(r'href="(/sites/[0-9a-f-]{36})"', sites.text)
    assert one is not None
    shown = await opened(county, one[1], *CLERK)
    assert "门牌页" in shown.text


@pytest.mark.parametrize("path", ["/staff", "/filings", "/breaches", "/sites", "/providers"])
async def test_an_institutions_page_leads_to_what_is_kept_about_it(county: County2026, path: str) -> None:
    id = county.ids[OURS]
    page = await opened(county, f"/institutions/{id}", *CLERK)
    assert f"{path}?institution_id={id}" in page.text
    one = await opened(county, f"{path}?institution_id={id}", *CLERK)
    assert one.status_code == 200
