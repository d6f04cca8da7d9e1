"""Checklists (检查清单): what a patrol looks at, as versioned data with its legal basis.

One rule: a released version never changes. A new wording is a new version; a report names the version that it
answered, so that an old report is always read with the questions that were asked then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How grave a failed item is; blue, yellow and red as in the alert catalogue."""

    NOTICE = "NOTICE"
    YELLOW = "YELLOW"
    RED = "RED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of a checklist.

    ``immediate_veto``: a failure is a hazard that lets nobody go on (一票否决), and leads to a rectification order
    and to a *proposal* to pause recruiting; it never punishes by itself. ``photo_required``: a failure needs its
    own photo.
    """

    code: str
    title_zh: str
    title_en: str
    legal_basis: str
    severity: Severity
    immediate_veto: bool = False
    photo_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A version of the questions, in the order in which they are asked."""

    version: str
    effective_from: date
    items: tuple[Item, ...]

    def item(self, code: str) -> Item | None:
        """The item with this code, if this version asks it."""
        return next((item for item in self.items if item.code == code), None)


PATROL_V1 = Checklist(
    version="patrol-v1",
    effective_from=date(2023, 10, 15),  # the Penalty Measures, the youngest instrument cited, came into force
    items=(
        Item(
            code="C01",
            title_zh="办学许可证与法人登记",
            title_en="School-running licence and legal registration",
            legal_basis="民办教育促进法第十九条、第六十四条；教育部令第53号第十七条",
            severity=Severity.RED,
            photo_required=True,
        ),
        Item(
            code="C02",
            title_zh="培训范围与隐形变异学科培训",
            title_en="Scope of training; disguised subject training",
            legal_basis="民办教育促进法第六十二条；教育部令第53号第十八条",
            severity=Severity.RED,
        ),
        Item(
            code="C03",
            title_zh="从业人员资质与在职教师兼职",
            title_en="Staff qualification; in-service school teachers",
            legal_basis="教监管厅函〔2021〕9号；教师〔2015〕5号",
            severity=Severity.YELLOW,
        ),
        Item(
            code="C04",
            title_zh="培训时间",
            title_en="Teaching hours",
            legal_basis="中办发〔2021〕40号；十三部门非学科类培训意见（2022年12月）",
            severity=Severity.YELLOW,
        ),
        Item(
            code="C05",
            title_zh="收费公示与超期预收费",
            title_en="Fees, price display, over-long prepayment",
            legal_basis="教监管函〔2021〕2号；发改价格〔2021〕1279号",
            severity=Severity.RED,
        ),
        Item(
            code="C06",
            title_zh="预收费监管专户与场外收款",
            title_en="Custody account; cash and private collection",
            legal_basis="教监管函〔2021〕2号",
            severity=Severity.RED,
        ),
        Item(
            code="C07",
            title_zh="培训服务合同文本",
            title_en="Form of the training contract",
            legal_basis="GF—2021—2604；教监管函〔2021〕2号",
            severity=Severity.NOTICE,
        ),
        Item(
            code="C08",
            title_zh="培训材料",
            title_en="Training materials",
            legal_basis="教监管厅函〔2021〕6号",
            severity=Severity.YELLOW,
        ),
        Item(
            code="C09",
            title_zh="场所面积与消防安全",
            title_en="Floor area and fire safety",
            legal_basis="教监管厅函〔2022〕9号",
            severity=Severity.RED,
            immediate_veto=True,
            photo_required=True,
        ),
        Item(
            code="C10",
            title_zh="卫生与食品",
            title_en="Hygiene and food",
            legal_basis="国办发〔2018〕80号",
            severity=Severity.RED,
            immediate_veto=True,
            photo_required=True,
        ),
        Item(
            code="C11",
            title_zh="广告宣传",
            title_en="Advertising",
            legal_basis="中办发〔2021〕40号",
            severity=Severity.YELLOW,
            photo_required=True,
        ),
        Item(
            code="C12",
            title_zh="居民楼、写字楼、酒店、咖啡厅内一对一或一对多培训",
            title_en="One-to-one or small groups in homes, offices, hotels, cafés",
            legal_basis="教育部令第53号第十八条",
            severity=Severity.RED,
            photo_required=True,
        ),
        Item(
            code="C13",
            title_zh="以托管名义开展培训",
            title_en="Childcare used as cover for training",
            legal_basis="教育部令第53号第十八条",
            severity=Severity.RED,
        ),
        Item(
            code="C14",
            title_zh="学员信息保护",
            title_en="Protection of pupils' data",
            legal_basis="个人信息保护法；未成年人网络保护条例",
            severity=Severity.YELLOW,
        ),
        Item(
            code="C15",
            title_zh="欠薪、欠租等经营异常迹象",
            title_en="Signs of unpaid wages or rent",
            legal_basis="教监管厅函〔2023〕2号",
            severity=Severity.YELLOW,
        ),
    ),
)

CHECKLISTS = MappingProxyType({PATROL_V1.version: PATROL_V1})
"""Every released version by its name: add, never edit."""
