"""The regulators' reports over HTTP (资金监管报表): custody by place, accounts by risk, alerts by rule; as XLSX, too.

The one rule: each total names what it is of, and can be asked of any past moment; a share of nothing is null.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field, computed_field

from mingjing_funds.domain.calendar import require_on_record
from mingjing_funds.projections.alert_report import Period, alert_figures
from mingjing_funds.projections.custody_report import WHOLE, By, On, accounts_of, custody_figures
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.refusal import Invalid

PERIOD_DAYS_MAX: Final = 400


class ReportPeriodWrong(Invalid):
    """From a later day to an earlier one, or over too many days."""

    sentence = "The report is from its first day to its last, over at most {maximum} days."
    remedy = "Give 'since' and 'until' so."
    field = "since"


def _share(part: int, whole: int) -> int | None:
    return part * WHOLE // whole if whole else None


class CustodyFigures(BaseModel):
    """One group of accounts at the end of a day; amounts in fen, shares in basis points."""

    key: str = Field(description="Division, department, category or bank; empty for all, or where nobody has said it")
    licensed: int = Field(description="持证机构: whose licence is in force and not withheld")
    with_account: int = Field(description="已开立托管专户的机构")
    accounts: int
    below_80: int = Field(description="覆盖率低于80%的账户")
    below_100: int
    below_110: int
    above_110: int
    nothing_owed: int = Field(description="无未消课负债的账户")
    short: int = Field(description="存在缺口的账户: less there for families than U")
    closing_fen: int
    minimum_fen: int
    in_transit_fen: int
    owed_fen: int = Field(description="未消课负债 U")
    short_fen: int = Field(description="缺口合计")
    received_fen: int
    released_fen: int
    refunded_fen: int
    refunds_due: int = Field(description="近30日应付退费")
    refunds_on_time: int
    confirmed: int = Field(description="当月确认课数")
    automatic: int = Field(description="当月自动确认课数")
    red_alerts: int
    yellow_alerts: int

    @computed_field(description="托管覆盖率: with_account of licensed")  # type: ignore[prop-decorator]
    @property
    def custody_basis_points(self) -> int | None:
        """Of those who have a licence."""
        return _share(self.with_account, self.licensed)

    @computed_field(description="退费按期率: refunds_on_time of refunds_due")  # type: ignore[prop-decorator]
    @property
    def on_time_basis_points(self) -> int | None:
        """Of those that were due."""
        return _share(self.refunds_on_time, self.refunds_due)

    @computed_field(description="自动确认占比: automatic of confirmed")  # type: ignore[prop-decorator]
    @property
    def automatic_basis_points(self) -> int | None:
        """Of all that were confirmed."""
        return _share(self.automatic, self.confirmed)


class RiskItem(BaseModel):
    """One account, the riskiest first; ``/accounts/{account_id}/postings`` has its lines, ``/accounts/entries`` the
    bank's.
    """

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str
    category: str
    bank: str
    number: str
    state: str
    closing_fen: int
    minimum_fen: int
    in_transit_fen: int
    owed_fen: int
    short_fen: int
    coverage_basis_points: int
    received_fen: int
    released_fen: int
    refunded_fen: int
    red_alerts: int
    yellow_alerts: int


class AlertFigures(BaseModel):
    """One rule over the alerts raised in a period."""

    rule: str
    raised: int
    red: int
    standing: int
    red_backlog: int = Field(description="红色未办结")
    red_unacknowledged: int = Field(description="红色未签收")
    escalated: int
    cleared: int
    closed: int
    confirmed: int
    false_alarms: int
    acknowledge_minutes: int | None = Field(description="签收用时中位数; null where none was")
    close_minutes: int | None = Field(description="办结用时中位数; null where none was")
    precision_basis_points: int = Field(description="准确率: confirmed of raised")


_CUSTODY = (
    Column("key", "分组", "Group"),
    Column("licensed", "持证机构", "Licensed", "integer"),
    Column("with_account", "已开户机构", "With an account", "integer"),
    Column("accounts", "账户数", "Accounts", "integer"),
    Column("closing_fen", "余额", "Balance", "yuan"),
    Column("owed_fen", "未消课负债", "Owed to families", "yuan"),
    Column("below_80", "覆盖率低于80%", "Covered below 80 %", "integer"),
    Column("below_100", "覆盖率80%至100%", "80 to 100 %", "integer"),
    Column("below_110", "覆盖率100%至110%", "100 to 110 %", "integer"),
    Column("above_110", "覆盖率110%以上", "Above 110 %", "integer"),
    Column("nothing_owed", "无负债", "Nothing owed", "integer"),
    Column("short", "有缺口账户", "Accounts short", "integer"),
    Column("short_fen", "缺口金额", "Shortfall", "yuan"),
    Column("received_fen", "累计入账", "Received", "yuan"),
    Column("released_fen", "累计拨付", "Released", "yuan"),
    Column("refunded_fen", "累计退费", "Refunded", "yuan"),
    Column("refunds_due", "近30日应退", "Refunds due", "integer"),
    Column("refunds_on_time", "按期退付", "On time", "integer"),
    Column("confirmed", "当月确认课数", "Lessons confirmed", "integer"),
    Column("automatic", "其中自动确认", "By silence", "integer"),
    Column("red_alerts", "红色预警", "Red alerts", "integer"),
    Column("yellow_alerts", "黄色预警", "Yellow alerts", "integer"),
)
_RISK = (
    Column("institution_name", "机构名称", "Institution"),
    Column("bank", "银行", "Bank"),
    Column("number", "账号", "Account"),
    Column("state", "状态", "State"),
    Column("closing_fen", "余额", "Balance", "yuan"),
    Column("owed_fen", "未消课负债", "Owed to families", "yuan"),
    Column("short_fen", "缺口", "Shortfall", "yuan"),
    Column("coverage_basis_points", "覆盖率（万分比）", "Coverage (basis points)", "integer"),
    Column("red_alerts", "红色预警", "Red alerts", "integer"),
    Column("yellow_alerts", "黄色预警", "Yellow alerts", "integer"),
)
_ALERTS = (
    Column("rule", "规则", "Rule"),
    Column("raised", "触发", "Raised", "integer"),
    Column("red", "红色", "Red", "integer"),
    Column("standing", "未办结", "Standing", "integer"),
    Column("red_backlog", "红色未办结", "Red backlog", "integer"),
    Column("red_unacknowledged", "红色未签收", "Red, not acknowledged", "integer"),
    Column("escalated", "超时升级", "Escalated", "integer"),
    Column("cleared", "自动解除", "Cleared", "integer"),
    Column("closed", "办结", "Closed", "integer"),
    Column("confirmed", "属实", "Confirmed", "integer"),
    Column("false_alarms", "误报", "False alarms", "integer"),
    Column("acknowledge_minutes", "签收用时中位数（分）", "Minutes until acknowledged", "integer"),
    Column("close_minutes", "办结用时中位数（分）", "Minutes until closed", "integer"),
    Column("precision_basis_points", "准确率（万分比）", "Precision (basis points)", "integer"),
)


def make_router(kit: Kit) -> Router:
    """``/reports``."""
    router = Router(prefix="/reports", tags=["report 资金监管报表"])
    _custody(router, kit)

    @router.get("/alerts", summary="预警统计 alerts by rule: backlog, times, precision")
    async def report_of_alerts(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        since: date | None = Query(default=None, description="Raised from this day; a month before when left out"),
        until: date | None = Query(default=None, description="Raised up to this day; today when left out"),
    ) -> Page[AlertFigures]:
        """Of the alerts that a caller may see, as they stand now or stood then."""
        last = until or await day_of(kit, as_of)
        require_on_record(last, "until")
        first = since or last - timedelta(days=30)
        if not timedelta(0) <= last - first <= timedelta(days=PERIOD_DAYS_MAX):
            raise ReportPeriodWrong(maximum=PERIOD_DAYS_MAX)
        statement = alert_figures(scope, Period(since=first, until=last), await position_of(kit, as_of))
        keys = (statement.selected_columns.rule,)
        title = (f"预警统计 {first} 至 {last}", f"Alerts from {first} to {last}")
        listing = Listing(name="alert-report", statement=statement, keys=keys, columns=_ALERTS, title=title)
        return await answer_list(listing, asked, kit.connection, AlertFigures)  # type: ignore[return-value]

    return router


def _custody(router: Router, kit: Kit) -> None:
    @router.get("/custody", summary="资金监管日报 coverage, U, shortfalls, refunds on time, by group")
    async def report_of_custody(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        by: By = "all",
        day: date | None = Query(default=None, description="The end of this day of the books"),
    ) -> Page[CustodyFigures]:
        """Of the accounts and institutions that a caller may see; of a past day as it is known now, or was then."""
        on = await _on(kit, as_of, day)
        statement = custody_figures(scope, by, on)
        title = (f"资金监管日报 {on.day}", f"Custody on {on.day}")
        keys = (statement.selected_columns.key,)
        listing = Listing(name="custody-report", statement=statement, keys=keys, columns=_CUSTODY, title=title)
        return await answer_list(listing, asked, kit.connection, CustodyFigures)  # type: ignore[return-value]

    @router.get("/custody/accounts", summary="风险账户 the accounts of a group, the riskiest first")
    async def accounts_by_risk(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        day: date | None = Query(default=None, description="The end of this day of the books"),
        by: By = "all",
        key: str = Query(default="", max_length=100, description="Of the group whose total is looked into"),
    ) -> Page[RiskItem]:
        """What a total of ``/reports/custody`` is made of: the same ``by``, and its ``key``."""
        on = await _on(kit, as_of, day)
        statement = accounts_of(scope, on, by, key)
        rows = statement.selected_columns
        title = (f"风险账户 {on.day}", f"Accounts by risk on {on.day}")
        keys = (rows.risk, rows.account_id)
        listing = Listing(
            name="accounts-by-risk", statement=statement, keys=keys, columns=_RISK, title=title, is_descending=True
        )
        return await answer_list(listing, asked, kit.connection, RiskItem)  # type: ignore[return-value]


async def _on(kit: Kit, as_of: AsOf | None, day: date | None) -> On:
    today = await day_of(kit, as_of)
    require_on_record(day or today, "day")
    return On(day=day or today, known_until=today, position=await position_of(kit, as_of))
