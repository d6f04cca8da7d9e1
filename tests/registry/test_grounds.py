"""Who, why and by which law: beside every fact in the log, whether a person or another service caused it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from mingjing_contracts.funds import CustodyAccountActivatedV1
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Meta
from mingjing_registry.domain.institution import CustodyActivated
from mingjing_registry.domain.licence import LicenceReinstated, LicenceRevoked, LicenceSuspended
from mingjing_registry.domain.whitelist import WhitelistLeft
from registry.conftest import World

MUDUO = "91330106MA00001B3D"
MUDUO_ID = derived_id("institution", MUDUO)
FILE = (
    "机构名称,统一社会信用代码,办学许可证号,发证日期,有效期至,培训类别,负责人,电话,地址,年检结论\n"
    f"杭州木铎轩书画培训学校有限公司,{MUDUO},教民133010670000016,2019-06-07,2028-06-07,书法,范杰俊,19900004241,"
    "西湖区三墩镇莲花街123号商铺21号,合格\n"
)
PENALTY = {
    "decision_reference": "西教罚〔2026〕1号",
    "served_on": "2026-06-30",
    "reason": "抽逃资金",
    "legal_basis": "民办教育促进法第六十二条",
}


async def metas(world: World) -> dict[type, Meta]:
    """The circumstances of the last fact of each kind."""
    return {type(fact.event): fact.meta for fact in await world.host.log.read(0, 1_000)}


async def test_reason_and_legal_basis_of_a_penalty_stand_beside_its_facts(world: World) -> None:
    await world.caller("licensing-officer").send(FILE.encode(), "名单.csv")
    await world.tell(
        CustodyAccountActivatedV1(
            account_id=UUID(int=1),
            institution_id=MUDUO_ID,
            bank="湖畔商业银行",
            account_name="木铎轩专户",
            opened_on=date(2026, 6, 1),
        )
    )
    approver = world.caller("approver")
    path = f"/institutions/{MUDUO_ID}/licence"
    back = {"decision_reference": "西教〔2026〕9号", "reason": "整改合格"}
    revocation = PENALTY | {"reason": "再次抽逃", "hearing_notice_reference": "听1号"}
    for step, body in (("suspension", PENALTY), ("reinstatement", back), ("revocation", revocation)):
        answer = await approver.post(f"{path}/{step}", body)
        assert answer.status_code == 200, answer.text

    found = await metas(world)
    told = {kind: (meta.actor, meta.reason, meta.legal_basis) for kind, meta in found.items()}
    assert told[LicenceSuspended] == ("approver", "抽逃资金", "民办教育促进法第六十二条")
    assert told[LicenceReinstated] == ("approver", "整改合格", "行政处罚法第九条")
    assert told[LicenceRevoked] == told[WhitelistLeft] == ("approver", "再次抽逃", "民办教育促进法第六十二条")
    assert told[CustodyActivated] == (
        "system:whitelist-precondition",
        "custody-account-active",
        "教监管函〔2021〕2号；国办发〔2018〕80号",
    )
