"""Words of the import pages: how a table is read, what a row comes to, which field a column is taken for."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console import office_words
from mingjing_console.words import Words

HOW: Words = MappingProxyType(
    {
        "known": ("表头已认识", "Read by its known words"),
        "mapped": ("按已确认的对照读取", "Read by a confirmed mapping"),
        "left-out": ("已确认不导入", "Left out, as confirmed"),
        "to-confirm": ("待确认对照", "Its columns wait for a confirmation"),
        "empty": ("没有表格", "No table"),
    }
)
WHAT: Words = MappingProxyType(
    {
        "new": ("新增", "New"),
        "changed": ("变更", "Changed"),
        "unchanged": ("未变", "Unchanged"),
        "merged": ("重复合并", "Merged"),
        "kept-aside": ("搁置", "Kept aside"),
    }
)
OMITTED = ("此次缺列", "Left out")
"""Of a roster: in none of its rows, and on the one before."""
WHY: Words = MappingProxyType(
    {
        "remembered": ("以前确认过", "Confirmed before"),
        "known": ("表头用语", "By its words"),
        "similar": ("表头相近", "Similar words"),
        "content": ("内容形态", "By its cells"),
        "": ("未能判断", "Not recognised"),
    }
)
KIND: Words = MappingProxyType(
    {
        "register": ("机构名单", "Institutions"),
        "withdrawn": ("注销、吊销名单", "Cancelled and revoked"),
        "notices": ("备案、公告", "Notices"),
        "staff": ("从业人员花名册", "Staff"),
        "": ("不导入此表", "Do not take this table"),
    }
)
SORT: Words = MappingProxyType(
    {
        "": ("机构名单", "Institutions"),
        "staff": ("从业人员花名册", "Staff"),
        "roster": ("全国平台名录（只核对，不改登记）", "Platform roster (compared; the register stays)"),
    }
)
"""What a file lists; the sorts wait apart."""
STATE: Words = MappingProxyType({"begun": ("未完成", "Not completed"), "read": ("已完成", "Done")})
FIELD = office_words.CELL
"""What a column can be taken for."""
CHANGED: Words = MappingProxyType(
    {
        **FIELD,
        "former_names": ("曾用名", "Former names"),
        "other_names": ("其他写法", "Other spellings"),
        "categories": ("培训类别", "Categories"),
        "items": ("培训项目", "Items"),
        "departments": ("主管部门", "Departments"),
        "region": ("区划", "Region"),
        "other_phones": ("其他电话", "Other telephones"),
        "licence_state": ("许可状态", "Licence"),
        "notices": ("备案、公告", "Notices"),
        "is_white": ("白名单", "Whitelisted"),
        "work": ("岗位", "Post"),
        "is_subject": ("学科类", "Subject"),
        "is_full_time": ("专职", "Full-time"),
    }
)
"""Fields of an institution that a row may change."""
