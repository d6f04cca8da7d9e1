from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from inspection.samples import hotline, market, workbook
from mingjing_inspection.domain.complaint import Channel, MatchedBy, Track
from mingjing_inspection.domain.complaint_file import (
    COMPLAINT_FILE,
    ComplaintFile,
    ImportFile,
    KeptRow,
    MendRow,
    RowAlreadyMended,
    RowKeptAside,
    RowMended,
    RowNotKept,
)
from mingjing_inspection.domain.complaint_file import FileImported as Imported
from mingjing_inspection.domain.premises import Names
from mingjing_inspection.sources import table
from mingjing_inspection.sources.classification import is_within_remit, tracks_of
from mingjing_inspection.sources.complaint_file import KEPT_FOR, open_file, read_rows
from mingjing_inspection.sources.complaint_row import Competence, Desk
from mingjing_inspection.sources.layout import LayoutUnknown
from mingjing_inspection.sources.matching import NameIndex, Typed
from mingjing_inspection.sources.table import FileTooLarge, FileUnreadable
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 7, 1, tzinfo=UTC)
MUDUO, YULU, YULUHUI, WITHDRAWN = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
PLACES = ("浙江省", "杭州市", "杭州", "西湖区", "西湖")


@pytest.fixture(name="index")
def make_index() -> NameIndex:
    index = NameIndex(places=PLACES)
    index.add(
        MUDUO,
        Names(
            full_name="杭州西湖区木铎轩书画培训学校有限公司",
            former_names=("杭州星榆园足球培训有限公司",),
            uscc="91330106MA00001B3D",
            phone="19900004241",
        ),
    )
    index.add(YULU, Names(full_name="杭州昱鹿文化艺术有限公司"))
    index.add(YULUHUI, Names(full_name="杭州昱鹿汇科技培训学校有限公司"))
    return index


@pytest.fixture(name="desk")
def make_desk(index: NameIndex) -> Desk:
    return Desk(
        channel=Channel.HOTLINE_12345,
        index=index,
        competent={MUDUO: Competence(department="culture-tourism-sport", category="art")},
        county="杭州市西湖区",
        region="330106",
        department="education",
        taken_by="operator",
        taken_at=AT,
    )


def test_a_hotline_export_comes_out_oldest_first_and_its_count_is_checked(desk: Desk) -> None:
    newest = hotline("330126062800586")
    oldest = hotline("330126010100001", received_at="2026-01-01 14:21:59")
    opened = open_file(workbook(newest, oldest, counted=3))
    assert (opened.layout.name, opened.counted, [row.number for row in opened.rows]) == ("12345", 3, [5, 4])
    read, kept = read_rows(opened.rows, desk)
    assert kept == []
    first = read[0].command
    assert first.intake.received_at == datetime(2026, 1, 1, 6, 21, 59, tzinfo=UTC)
    assert first.handling is not None
    assert first.handling.due_on == date(2026, 7, 3)
    assert (first.attribution.institution_id, first.attribution.by) == (MUDUO, MatchedBy.SHORT_NAME)
    assert (first.category, first.tracks, first.within_remit) == ("art", (Track.DISPUTE,), True)
    assert (first.department, first.intake.is_anonymous) == ("culture-tourism-sport", False)


def test_the_handler_that_the_hotline_names_answers_where_no_institution_is_known(desk: Desk) -> None:
    rows = [
        hotline("330126062800586", text="他们不退费", department="杭州市西湖区科学技术局"),
        hotline("330126062800587", text="他们不退费", department="某某公司"),
    ]
    read, _ = read_rows(open_file(workbook(*rows)).rows, desk)
    assert [row.command.department for row in read] == ["science", "education"]


def test_no_word_of_the_complainant_stands_in_a_command_or_a_kept_row(desk: Desk) -> None:
    opened = open_file(workbook(hotline("330126062800586"), hotline("", name="赵六")))
    read, kept = read_rows(opened.rows, desk)
    assert read[0].person is not None
    assert (read[0].person.name, read[0].person.phone) == ("李女士", "19900000976")
    for written in (repr(read[0].command), repr(read[0].person), repr(kept[0])):
        assert "李女士" not in written
        assert "赵六" not in written
        assert "19900000976" not in written


def test_the_same_row_has_the_same_ids_in_another_export(desk: Desk) -> None:
    one, _ = read_rows(open_file(workbook(hotline("330126062800586"))).rows, desk)
    two, _ = read_rows(
        open_file(workbook(hotline("330126062900001"), hotline("330126062800586"), counted=2)).rows, desk
    )
    same = next(row for row in two if row.command.intake.number == "330126062800586")
    assert (same.complaint_id, same.digest) == (one[0].complaint_id, one[0].digest)


@pytest.mark.parametrize(
    ("cells", "field", "rule"),
    [
        ({"number": ""}, "number", "number-missing"),
        ({"number": "3.301E+14"}, "number", "number-unreadable"),
        ({"received_at": "昨天"}, "received_at", "time-unreadable"),
        ({"due_on": "2026-02-30"}, "due_on", "date-unreadable"),
        ({"text": ""}, "text", "text-missing"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_aside_with_its_place_and_remedy(
    desk: Desk, cells: dict[str, str], field: str, rule: str
) -> None:
    read, kept = read_rows(open_file(workbook(hotline("330126062800586", **cells))).rows, desk)
    assert read == []
    assert (kept[0].row, kept[0].field, kept[0].rule) == (4, field, rule)
    assert KEPT_FOR[kept[0].rule].remedy


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_12315_export_is_recognised_in_any_encoding_and_names_its_sum_in_fen(desk: Desk, encoding: str) -> None:
    row = {
        "number": "133010620260105003339",
        "received_at": "2026/01/05 10:52",
        "declared": "举报",
        "respondent": "不详",
        "uscc": "91330106MA00001B3D",
        "text": "私下收款",
        "claimed": "2280.5",
        "status": "已受理",
    }
    opened = open_file(market(row, encoding=encoding))
    assert (opened.layout.name, opened.counted) == ("12315", None)
    ((read,), kept) = read_rows(opened.rows, desk)
    assert kept == []
    assert (read.command.intake.claimed_fen, read.command.attribution.by) == (228050, MatchedBy.USCC)
    assert read.command.intake.is_anonymous
    _, (bad,) = read_rows(open_file(market(row | {"claimed": "两千"})).rows, desk)
    assert (bad.field, bad.rule) == ("claimed", "amount-unreadable")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileUnreadable),
        (b"\xff\xff\xff", FileUnreadable),
        (b"a,b\n\x00,c", FileUnreadable),
        (b'a,"b', FileUnreadable),
        (b"PK\x03\x04 this is no workbook", FileUnreadable),
        ("姓名,电话\n张三,1".encode(), LayoutUnknown),
        (b"x" * (table.FILE_BYTES_MAX + 1), FileTooLarge),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, reason: type[Refusal]) -> None:
    with pytest.raises(reason) as caught:
        open_file(content)
    assert type(caught.value) is reason
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("typed", "institution", "by"),
    [
        (Typed(respondent="杭州西湖区木铎轩书画培训学校有限公司"), MUDUO, MatchedBy.FULL_NAME),
        (Typed(respondent="木铎轩"), MUDUO, MatchedBy.SHORT_NAME),
        (Typed(text="星榆园足球只答应延期半年"), MUDUO, MatchedBy.FORMER_NAME),
        (Typed(text="打电话19900004241没人接"), MUDUO, MatchedBy.PHONE),
        (Typed(uscc="91330106ma00001b3d", text="昱鹿美术"), MUDUO, MatchedBy.USCC),
        (Typed(text="杭州昱鹿美术的老师"), YULU, MatchedBy.SHORT_NAME),
        (Typed(respondent="昱鹿"), YULU, MatchedBy.SHORT_NAME),
        (Typed(text="昱鹿汇停课了"), YULUHUI, MatchedBy.SHORT_NAME),
        (Typed(text="昱鹿会扣课时不对"), None, MatchedBy.UNMATCHED),
        (Typed(text="木铎轩和昱鹿汇是一家"), None, MatchedBy.AMBIGUOUS),
        (Typed(respondent="不详"), None, MatchedBy.UNMATCHED),
    ],
)
def test_an_institution_is_named_only_when_everything_points_to_it_alone(
    index: NameIndex, typed: Typed, institution: UUID | None, by: MatchedBy
) -> None:
    found = index.match(typed)
    assert (found.institution_id, found.by) == (institution, by)
    assert bool(found.evidence) is (by is not MatchedBy.UNMATCHED)


@pytest.mark.parametrize(
    ("declared", "text", "tracks"),
    [
        ("投诉", "剩8课时不退", (Track.DISPUTE,)),
        ("投诉", "退费少算了三节课，要求补退；同时举报其讲学科", (Track.DISPUTE, Track.REPORT)),
        ("举报", "消防通道堆满桌椅", (Track.REPORT,)),
        ("举报", "七天内提出退款，对方说不能退", (Track.DISPUTE,)),
        ("咨询", "请问寒假停课合不合规", (Track.WORK_ORDER,)),
        ("求助", "还有8课时，希望协商解决", (Track.DISPUTE,)),
        ("表扬", "表扬一苇谷的刘老师", (Track.WORK_ORDER,)),
        ("投诉", "我反映的退费问题已经解决，申请撤诉", (Track.WORK_ORDER,)),
    ],
)
def test_a_message_is_split_into_its_tracks(declared: str, text: str, tracks: tuple[Track, ...]) -> None:
    assert tracks_of(declared, text) == tracks


def test_what_is_not_about_training_is_outside_the_remit() -> None:
    assert not is_within_remit("其他诉求", "", "小区路灯坏了", institution_known=False)
    assert not is_within_remit("", "", "驾校收钱后不开课，要求退费", institution_known=False)
    assert is_within_remit("培训机构退费纠纷", "", "报的课不退", institution_known=False)
    assert is_within_remit("其他诉求", "", "路灯", institution_known=True)


KEPT = KeptRow(row=7, field="number", rule="number-missing", values=(), cells=())
IMPORT = ImportFile(
    name="a.xlsx",
    digest="d",
    layout="12345",
    rows=2,
    counted=5,
    kept_aside=(KEPT,),
    region="330106",
    department="教育局",
    imported_by="o",
    imported_at=AT,
)
IMPORTED = Imported(
    name="a.xlsx",
    digest="d",
    layout="12345",
    rows=2,
    missing_rows=3,
    kept_aside=1,
    region="330106",
    department="教育局",
    imported_by="o",
    imported_at=AT,
)
WAITS = RowKeptAside(kept=KEPT, region="330106", department="教育局", kept_at=AT)
MEND = MendRow(row=7, complaint_id=UUID(int=9), mended_by="o", mended_at=AT)
MENDED = RowMended(row=7, complaint_id=UUID(int=9), mended_by="o", mended_at=AT)


def test_no_row_of_a_file_disappears() -> None:
    Spec(COMPLAINT_FILE).when(IMPORT).then(IMPORTED, WAITS)
    Spec(COMPLAINT_FILE).given(IMPORTED, WAITS).when(IMPORT).then()
    Spec(COMPLAINT_FILE).given(IMPORTED, WAITS).when(MEND).then(MENDED)
    Spec(COMPLAINT_FILE).given(IMPORTED, WAITS, MENDED).when(MEND).then()
    other = replace(MEND, complaint_id=UUID(int=10))
    Spec(COMPLAINT_FILE).given(IMPORTED, WAITS, MENDED).when(other).then_refused(RowAlreadyMended)
    Spec(COMPLAINT_FILE).given(IMPORTED).when(MEND).then_refused(RowNotKept)
    assert COMPLAINT_FILE.fold([IMPORTED, WAITS, MENDED]) == ComplaintFile(
        layout="12345", mended=(KEPT,), complaints=(UUID(int=9),)
    )
