"""Tables that an office system wrote as a web page and named .xls."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest

from mingjing_registry.domain.refusals import FileTooLarge, FileUnreadable
from mingjing_registry.sources import web_page
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import parse
from mingjing_registry.sources.rows import InstitutionRow
from mingjing_registry.sources.sheet import Merged
from mingjing_registry.sources.web_page import read_tables
from mingjing_registry.sources.workbook import read_workbook

XIHU = division("330106")
NAME, CODE = "杭州木铎轩书画培训学校有限公司", "91330106MA00001B3D"
PAGE = f"""<html xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><style>td {{mso-number-format:"\\@"}}</style></head>
<body><script>var hidden = "<td>不是数据</td>"</script>
<table border=1>
<tr><td colspan=7>西湖区教育局培训机构名单（统计截止：2026年6月30日）
<tr><th rowspan=2>机构名称<th rowspan=2>统一社会信用代码<th colspan=3>办学许可证<th rowspan=2>法定代表人<th rowspan=2>办学地址
<tr><th>办学许可证号<th>发证日期<th>有效期至
<tr><td>{NAME}<td>{CODE}<td>教民133010670000016<td>2019-06-07<td>2028年6月7日<td>范&nbsp;&#26480;俊<td>三墩镇莲花街123号<br>灵隐街道三墩街573号
<tr style="display:none"><td>甲<td>乙<td>丙<td></td><td></td><td></td><td></td></tr>
</table></body></html>
"""  # noqa: E501


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_register_that_is_a_web_page_is_read_like_any_other(encoding: str) -> None:
    read = parse(PAGE.encode(encoding), XIHU)
    assert (read.register, read.stated_on) == ("education", date(2026, 6, 30))
    (line,) = read.taken
    assert isinstance(line.row, InstitutionRow)
    said = line.row.particulars
    assert (said.name, said.uscc, said.legal_representative) == (NAME, CODE, "范杰俊")
    assert line.row.terms is not None
    assert (line.row.terms.number, line.row.terms.expires_on) == ("教民133010670000016", date(2028, 6, 7))
    assert [place.address for place in line.row.places] == [
        "西湖区三墩镇莲花街123号",
        "西湖区灵隐街道三墩街573号",
    ]
    (aside,) = read.kept_aside
    assert aside.problems[0].code == "hidden-row"


def test_cells_stand_where_a_browser_draws_them() -> None:
    (sheet,) = read_tables("<table><tr><td rowspan=2>a<td>b<td>c<tr><td>d<table><tr></table><td colspan=2>e</table>")
    assert [row.cells for row in sheet.rows] == [("a", "b", "c"), ("", "d", "e", "")]
    assert sheet.merged == (Merged(0, 0, 1, 0), Merged(1, 2, 1, 3))
    outer, inner = read_tables("<table><tr><td>前<table><tr><td>内</table>后</table>")
    assert [row.cells for row in (*outer.rows, *inner.rows)] == [("前后",), ("内",)]


def test_nothing_is_expanded_fetched_or_followed() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    (sheet,) = read_tables(f"{bomb}<table><tr><td>&b;&c;&amp;</table>")
    assert sheet.rows[0].cells == ("&b;&c;&",)


@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "<tr><td>" * 50_001 + "</table>",
        "<table><tr>" + "<td>" * 201 + "</table>",
        "<table><tr>" + '<td rowspan=50000 colspan=2>' * 100 + "</tr>" + "<tr>" * 40_000 + "</table>" + "<table><tr>"
        + '<td rowspan=50000 colspan=2>' * 100 + "</tr>" + "<tr>" * 40_000 + "</table>",
        "<table><tr></table>" * (web_page.TABLES_MAX + 1),
    ],
    ids=["rows", "columns", "places that are drawn and not written", "tables"],
)  # fmt: skip
def test_a_page_that_would_take_all_memory_is_refused(page: str) -> None:
    with pytest.raises(FileTooLarge):
        read_tables(page)


@pytest.mark.parametrize("deep", ["<table><tr><td>" * 3_000, "<div>" * 100_000 + "<table><tr><td>a"])
def test_a_page_that_nests_without_end_ends(deep: str) -> None:
    with contextlib.suppress(FileTooLarge):
        read_tables(deep)


@pytest.mark.parametrize(
    "content", [b"<html><body>nothing</body></html>", b'<?xml version="1.0"?><Workbook><Row/></Workbook>']
)
def test_a_page_without_a_table_is_called_one(content: bytes) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_workbook(content)
    assert caught.value.values["why"] == "it is a web page or XML file without a table that can be read"
