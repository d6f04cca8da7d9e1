"""Documents: each fact in its words, set in type, proved by what is attached; and the code at a door."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any
from uuid import UUID

from mingjing_kernel.documents.document import in_words
from mingjing_kernel.documents.printing import pressed, printed
from mingjing_kernel.documents.typesetting import qr_svg
from mingjing_registry.documents import issuing
from mingjing_registry.documents.document import Party
from mingjing_registry.documents.wording import document_of, title_of
from mingjing_registry.domain.institution import NameNoted
from mingjing_registry.domain.licence import LicenceRefused, LicenceSuspended
from registry.conftest import World
from registry.test_grounds import FILE, MUDUO_ID, PENALTY

PARTY = Party(name="木铎培训学校", uscc="52330106MJ0000018E", licence_number="1", department="西湖区教育局")
SUSPENDED = LicenceSuspended(
    decision_reference="西市监罚〔2026〕12号",
    served_on=date(2026, 6, 30),
    reason="擅自增设教学点",
    legal_basis="《校外培训行政处罚暂行办法》第二十条",
    on=date(2026, 7, 1),
)


def test_a_decision_says_its_reason_its_basis_and_how_to_contest_it() -> None:
    said = document_of(SUSPENDED, PARTY)
    assert said is not None
    text = "".join(said.paragraphs)
    for part in ("擅自增设教学点", "第二十条", "西市监罚〔2026〕12号", "2026年6月30日"):
        assert part in text
    assert "行政复议" in said.rights
    assert (said.addressee, said.authority, said.issued_on) == ("木铎培训学校", "西湖区教育局", "2026年7月1日")
    refused = document_of(LicenceRefused(reason="消防不合格", on=date(2026, 7, 2)), PARTY)
    assert refused is not None
    assert "消防不合格。" in refused.paragraphs
    assert "六个月" in refused.rights


def test_what_is_no_decision_gives_no_document() -> None:
    noted = NameNoted(name="木铎", register="education", on=date(2026, 7, 1))
    assert document_of(noted, PARTY) is None
    assert title_of(noted) is None
    assert in_words(None) == "——"


def test_the_same_data_gives_the_same_bytes_with_the_proof_inside() -> None:
    made = document_of(SUSPENDED, PARTY)
    assert made is not None
    proof = {"leaf": "abc=", "format": "x"}
    once, again = (
        printed("official", made, address="http://127.0.0.1/s/1", number="登记〔2026〕第1号", proof=proof)
        for _ in range(2)
    )
    assert once == again
    assert once.startswith(b"%PDF")
    assert json.loads(_attached(once)) == proof


async def test_documents_asked_for_at_once_are_set_beside_the_loop_one_after_another() -> None:
    made = [issuing.poster("木铎", f"文三路{number}号", "2026年7月1日", "12345") for number in range(4)]
    address = "http://127.0.0.1/s/1"
    sheets = await asyncio.gather(*(pressed("poster", one, address=address) for one in made))
    assert sheets == [printed("poster", one, address=address) for one in made]
    assert len(set(sheets)) == len(made)


def test_a_code_is_an_svg_that_names_no_size_of_its_own_colours() -> None:
    assert qr_svg("http://127.0.0.1:8100/s/1").startswith("<svg")


async def test_officials_print_what_was_decided_and_the_public_checks_a_door(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(FILE.encode(), "名单.csv")
    approver = world.caller("approver")
    approver.position = clerk.position
    path = f"/institutions/{MUDUO_ID}"
    assert (await approver.post(f"{path}/licence/suspension", PENALTY)).status_code == 200
    (item, *_) = await approver.get(f"{path}/documents")
    assert (item["title"], item["title_en"]) == ("暂扣办学许可证通知书", "Notice of suspension")
    printed = await approver.read(f"{path}/documents/{item['version']}")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert (await approver.read(f"{path}/documents/1")).status_code == 404
    assert (await approver.read(f"{path}/certificate")).status_code == 404
    then = await clerk.read(f"{path}/certificate", as_of=f"@{item['position'] - 1}")
    assert then.content.startswith(b"%PDF")
    assert (await world.caller("approver", region="110101").read(f"{path}/documents")).status_code == 404
    await _at_the_door(world, approver, is_in_force=False)
    back = {"decision_reference": "西教〔2026〕9号", "reason": "整改合格"}
    assert (await approver.post(f"{path}/licence/reinstatement", back)).status_code == 200
    await _at_the_door(world, approver, is_in_force=True)


async def _at_the_door(world: World, officer: Any, *, is_in_force: bool) -> None:
    (site,) = (await officer.get("/sites"))["items"]
    door = await world.public.get(f"/public/sites/{site['site_id']}")
    assert (door["institution_id"], door["address"]) == (str(MUDUO_ID), site["address"])
    assert (door["licence_state"], door["is_in_force"]) == ("licensed" if is_in_force else "suspended", is_in_force)
    assert (await world.public.read(f"/public/sites/{site['site_id']}/qr")).text.startswith("<svg")
    poster = await world.public.read(f"/public/sites/{site['site_id']}/poster")
    assert poster.content.startswith(b"%PDF") is is_in_force
    if not is_in_force:
        assert (poster.status_code, poster.json()["type"].rpartition(":")[2]) == (404, "licence-not-in-force")
    assert (await world.public.read(f"/public/sites/{UUID(int=7)}")).status_code == 404
    by_address = await world.public.get("/public/institutions", search=site["address"][-6:])
    assert [row["institution_id"] for row in by_address["items"]] == [str(MUDUO_ID)]


def _attached(pdf: bytes) -> bytes:
    """What the file carries besides its page."""
    _, found, rest = pdf.partition(b"/Type/EmbeddedFile")
    assert found, "nothing is attached"
    return rest.partition(b"stream\n")[2].partition(b"\nendstream")[0]
