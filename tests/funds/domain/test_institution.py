from datetime import date

from mingjing_funds.domain.institution import (
    INSTITUTION,
    AllowCharging,
    BlockCause,
    BlockCharging,
    ChargingAllowed,
    ChargingBlocked,
    why_blocked,
)
from mingjing_kernel.testing.spec import Spec

DAY = date(2026, 3, 3)
SUSPEND = BlockCharging(cause=BlockCause.SUSPENDED, decision="杭西教罚1号", since=DAY)
SUSPENDED = ChargingBlocked(cause=BlockCause.SUSPENDED, decision="杭西教罚1号", since=DAY)
REVOKED = ChargingBlocked(cause=BlockCause.REVOKED, decision="杭西教罚2号", since=DAY)


def test_a_suspension_blocks_charging_until_it_ends() -> None:
    spec = Spec(INSTITUTION)
    spec.when(SUSPEND).then(SUSPENDED)
    spec.given(SUSPENDED).when(SUSPEND).then()
    spec.given(SUSPENDED).when(AllowCharging(decision="", since=DAY)).then(ChargingAllowed(decision="", since=DAY))
    assert why_blocked(INSTITUTION.fold([SUSPENDED])) == "暂扣许可证 (suspended)"
    assert why_blocked(INSTITUTION.fold([])) == ""


def test_a_revoked_licence_never_comes_back() -> None:
    spec = Spec(INSTITUTION).given(REVOKED)
    spec.when(AllowCharging(decision="", since=DAY)).then()
    spec.when(SUSPEND).then()
