"""Documents of annual checks, pauses, closings and blacklistings: each fact in its words, by the law it stands on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingjing_kernel.reads import Read
from mingjing_registry.documents import wording, wording_lists
from mingjing_registry.documents.document import Party
from mingjing_registry.documents.wording_lists import Case
from mingjing_registry.domain import blacklist_facts as f
from mingjing_registry.domain.annual_check import AnnualCheckRecorded
from mingjing_registry.domain.change import ChangeRefused
from mingjing_registry.domain.licence import LicenceCancelled
from mingjing_registry.domain.listing_terms import Grade
from mingjing_registry.domain.operation import (
    ORDER,
    ClosingBegan,
    OperationState,
    OperationStateChanged,
    Pause,
    PauseDeclared,
    PausePurpose,
)
from registry.conftest import World
from registry.listing import STEPS, Listed
from registry.test_api import MUDUO_ID, MUDUO_ROW, file

ON = date(2026, 7, 1)
PARTY = Party(
    name="木铎培训学校", uscc="52330106MJ0000018E", licence_number="133010670000011", department="西湖区教育局"
)
DECISION = f.BlacklistListed(
    document_number="西教列〔2026〕1号", grade=Grade.SERIOUS, reason="情节严重", answer="陈述不成立",
    minimum_until=date(2027, 7, 1), ends_on=date(2029, 7, 1), needs_consent=True, rule="default/1", on=ON,
)  # fmt: skip
CASE = Case(party=PARTY, legal_basis="国办发〔2018〕80号", decision=DECISION)


def checked(result: Any, *, again: bool = False, year: int | None = 2026) -> AnnualCheckRecorded:
    until = date(2026, 8, 1) if result == "fail" else None
    return AnnualCheckRecorded(result=result, on=ON, year=year, reason="材料齐全", rectify_until=until, again=again)


def test_a_failed_check_says_its_consequence_and_how_to_contest_it() -> None:
    failed = wording.document_of(checked("fail"), PARTY)
    assert failed is not None
    text = "".join(failed.paragraphs)
    assert "不合格" in text
    assert "限制招收新学员" in text
    assert "2026年8月1日" in text
    assert "行政复议" in failed.rights
    passed = wording.document_of(checked("pass", again=True), PARTY)
    assert passed is not None
    assert passed.title == "年度检查复检结论通知书"
    assert not passed.rights


def test_a_result_that_a_register_states_is_nobodys_decision() -> None:
    assert wording.title_of(checked("pass", year=None)) is None
    assert wording.document_of(checked("pass", year=None), PARTY) is None


def test_a_closing_names_who_is_paid_first_and_is_told_to_everybody() -> None:
    closing = ClosingBegan(
        notice_reference="公告1号", noticed_on=ON, ends_on=date(2026, 8, 1), liquidator="清算组王某", order=ORDER, on=ON
    )
    said = wording.document_of(closing, PARTY)
    assert said is not None
    assert (said.title, said.addressee, said.paragraphs[-1]) == ("停办公告", "", "特此公告。")
    text = "".join(said.paragraphs)
    assert text.index("退还学员费用") < text.index("支付职工工资") < text.index("清偿其他债务")
    assert "2026年8月1日" in text
    closed = OperationStateChanged(
        before=OperationState.CLOSING, state=OperationState.CLOSED, reason="清算完成", reference="", on=ON
    )
    assert wording.title_of(closed) == ("终止办学公告", "Announcement that it has closed")
    paused = OperationStateChanged(
        before=OperationState.OPERATING, state=OperationState.PAUSED_DECLARED, reason="x", reference="", on=ON
    )
    assert wording.title_of(paused) is None
    assert wording.document_of(paused, PARTY) is None


def test_a_cancellation_is_an_announcement() -> None:
    cancelled = LicenceCancelled(application_reference="申1", public_notice_reference="公1", reason="终止", on=ON)
    said = wording.document_of(cancelled, PARTY)
    assert said is not None
    assert (said.addressee, said.paragraphs[-1]) == ("", "特此公告。")


@pytest.mark.parametrize(
    ("purpose", "title"), [("closure", "停业公告"), ("relocation", "搬迁停课公告"), ("pause", "临时停课公告")]
)
def test_a_pause_is_called_by_its_purpose(purpose: PausePurpose, title: str) -> None:
    pause = Pause(purpose=purpose, notice_reference="公告2号", noticed_on=ON, begins_on=date(2026, 8, 1), ends_on=None)
    said = wording.document_of(PauseDeclared(pause=pause, on=ON), PARTY)
    assert said is not None
    assert said.title == title
    assert "恢复日期另行公告" in said.paragraphs[0]


def test_a_refused_change_says_why_and_how_to_contest_it() -> None:
    said = wording.document_of(ChangeRefused(number="变1", reason="材料不实", on=ON), PARTY)
    assert said is not None
    assert "材料不实。" in said.paragraphs
    assert said.rights


def test_a_prior_notice_says_facts_law_rights_and_until_when() -> None:
    notice = f.BlacklistNoticeServed(
        notice_reference="西教告〔2026〕1号", served_on=ON, reasons="收取预付费后停业失联",
        rights="可陈述、申辩、申请听证", respond_by=date(2026, 7, 8), on=ON,
    )  # fmt: skip
    said = wording_lists.document_of(notice, CASE)
    assert said is not None
    text = "".join(said.paragraphs)
    for part in ("收取预付费后停业失联", "国办发〔2018〕80号", "可陈述、申辩、申请听证", "2026年7月8日"):
        assert part in text
    assert not said.rights, "nothing is decided yet"


def test_a_decision_answers_what_was_stated_and_says_when_it_ends() -> None:
    said = wording_lists.document_of(DECISION, CASE)
    assert said is not None
    text = "".join(said.paragraphs)
    for part in ("严重", "情节严重", "陈述不成立", "2029年7月1日", "2027年7月1日", "上级机关同意"):
        assert part in text
    assert said.rights


def removed(cause: Any) -> f.BlacklistRemoved:
    return f.BlacklistRemoved(
        institution_id=None,
        cause=cause,
        reference="杭政复1号",
        reason="处罚被撤销",
        due_on=None,
        was_public=True,
        on=ON,
    )


def test_each_end_of_a_listing_has_one_document() -> None:
    titles = {
        cause: wording_lists.title_of(removed(cause)) for cause in ("expired", "repaired", "annulled", "corrected")
    }
    assert [cause for cause, title in titles.items() if title is None] == ["repaired"], "the repair's own says it"
    said = wording_lists.document_of(removed("annulled"), CASE)
    assert said is not None
    assert "杭政复1号" in said.paragraphs[0]
    assert said.lines[0].text == "西教列〔2026〕1号"
    for fact in (
        f.BlacklistRepaired(reason="已改正", on=ON),
        f.BlacklistRepairRefused(reason="未改正", on=ON),
        f.BlacklistRejected(reason="情节轻微", by_superior=True, reference="杭教批1号", on=ON),
        f.BlacklistRepairAccepted(
            correction_reference="a", duties_reference="b", commitment_reference="c", decide_by=ON, on=ON
        ),
    ):
        assert wording_lists.document_of(fact, CASE) is not None
    assert wording_lists.document_of(f.BlacklistDropped(reason="x", on=ON), CASE) is None


async def test_a_files_documents_are_printed_for_officials_and_its_reading_is_on_record(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    listed = Listed(world)
    await listed.propose({"institution_id": str(MUDUO_ID)})
    await listed.go(*STEPS)
    officer = listed.caller("case-officer")
    officer.position = str(await world.host.log.head())
    found = await officer.get(f"{listed.path}/documents")
    assert [one["title"] for one in found] == ["列入黑名单决定书", "拟列入黑名单事先告知书"]
    printed = await officer.read(f"{listed.path}/documents/{found[0]['version']}")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert (await officer.read(f"{listed.path}/documents/1")).status_code == 404
    assert (await officer.read(f"{listed.path}/documents/99")).status_code == 404
    elsewhere = world.caller("case-officer", region="110101")
    assert (await elsewhere.read(f"{listed.path}/documents")).status_code == 404
    assert (await world.public.read(f"{listed.path}/documents")).status_code in (401, 403, 404)
    facts = await world.host.log.read(0, 1_000)
    reads = [fact.event for fact in facts if isinstance(fact.event, Read)]
    assert [(read.kind, *read.ids) for read in reads] == [
        ("blacklist-file", listed.path.rpartition("/")[2], str(found[0]["version"]))
    ]


async def test_a_natural_person_is_masked_on_paper(world: World) -> None:
    listed = Listed(world)
    await listed.propose({"person": "张三丰", "id_number": "11010519491231002X"})
    await listed.go("legal-review", "notice")
    officer = listed.caller("case-officer")
    officer.position = str(await world.host.log.head())
    (item,) = await officer.get(f"{listed.path}/documents")
    printed = await officer.read(f"{listed.path}/documents/{item['version']}")
    assert printed.status_code == 200
    assert "%E5%BC%A0%E4%B8%89%E4%B8%B0" not in printed.headers["content-disposition"], "张三丰"
    assert "%E5%BC%A0" in printed.headers["content-disposition"], "张"
