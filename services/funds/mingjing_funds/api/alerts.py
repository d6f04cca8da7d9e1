"""Alerts: evaluate the rules, see what stands, acknowledge and close; the rules with their numbers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Query, Response

from mingjing_funds.acts import EVALUATE_ALERTS
from mingjing_funds.api.models import (
    AlertItem,
    EvaluationAnswer,
    EvaluationItem,
    InstitutionItem,
    PolicyItem,
)
from mingjing_funds.domain.alerting.life_facts import AlertCleared, AlertRaised, AlertReturned, AlertWorsened
from mingjing_funds.domain.calendar import require_come, require_on_record
from mingjing_funds.intake.alert_duty import NAME
from mingjing_funds.intake.taking import caught_up, link_institutions
from mingjing_funds.intake.watching import asked as rules_asked
from mingjing_funds.policy import charging_limits
from mingjing_funds.policy.alert_thresholds import RULES
from mingjing_funds.projections.alerts import alerts_in, evaluations_in
from mingjing_funds.projections.balances import balances_on
from mingjing_funds.projections.institutions import institutions_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.policy import DEFAULT_VERSION

ALERT_COLUMNS = (
    Column("raised_on", "触发日期", "Raised", "date"),
    Column("severity", "等级", "Severity"),
    Column("rule", "规则", "Rule"),
    Column("institution_name", "机构名称", "Institution"),
    Column("explanation_zh", "说明", "Explanation (Chinese)"),
    Column("state", "状态", "State"),
    Column("balance_fen", "余额", "Balance", "yuan"),
    Column("threshold", "阈值", "Threshold"),
)
EVALUATION_COLUMNS = (
    Column("day", "日期", "Day", "date"),
    Column("rule_version", "规则版本", "Rule version"),
    Column("severity", "结果", "Result"),
    Column("balance_fen", "余额", "Balance", "yuan"),
    Column("unconsumed_fen", "未消课负债", "Unconsumed", "yuan"),
    Column("threshold_fen", "阈值", "Threshold", "yuan"),
)
INSTITUTION_COLUMNS = (
    Column("name", "机构名称", "Institution"),
    Column("uscc", "统一社会信用代码", "Credit code"),
    Column("blocked", "停止收费", "Charging blocked"),
    Column("blocked_since", "起始", "Since", "date"),
)


def make_router(kit: Kit) -> Router:
    """``/alerts``, ``/institutions``, ``/rules``."""
    router = Router(tags=["alert 资金预警"])
    _evaluate(router, kit)
    _reads(router, kit)
    _rules(router, kit)
    return router


def _evaluate(router: Router, kit: Kit) -> None:
    @router.post("/alerts/evaluations", summary="Evaluate every rule on every account at the end of a day")
    async def evaluate(
        response: Response,
        day: date | None = Query(default=None),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> EvaluationAnswer:
        """Every account that the caller may write for; the same day on the same figures again changes nothing."""
        scope.require(EVALUATE_ALERTS, Dimensions(UNDIVIDED, UNDIVIDED, UNDIVIDED))
        today = shanghai_date(kit.now())
        on = day or today
        require_come(on, today, "day")
        require_on_record(on, "day")
        await caught_up(kit)
        await link_institutions(kit, scope, written)
        async with kit.connection() as connection:
            found = await balances_on(connection, scope, on, EVALUATE_ALERTS)
        memory = await kit.duties[NAME].memory_at(on)
        answered = await rules_asked(memory, kit.log, {one.account_id for one in found}, on, written)
        results = await kit.log.handle_many(answered.works)
        outcomes = [result for result in results if isinstance(result, Outcome)]
        facts = [fact for outcome in outcomes if not outcome.repeated for fact in outcome.events]
        position = max((outcome.position for outcome in outcomes), default=0)
        response.headers["Mingjing-Position"] = str(position)
        return EvaluationAnswer(
            day=on,
            evaluated=answered.answers,
            raised=sum(isinstance(fact, AlertRaised | AlertReturned) for fact in facts),
            worsened=sum(isinstance(fact, AlertWorsened) for fact in facts),
            cleared=sum(isinstance(fact, AlertCleared) for fact in facts),
            position=position,
        )


def _reads(router: Router, kit: Kit) -> None:
    @router.get("/alerts", summary="Alerts, now or as of a moment")
    async def alerts(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        state: str | None = None,
        severity: str | None = None,
        institution_id: UUID | None = None,
        rule: str | None = None,
        alert_id: UUID | None = None,
    ) -> Page[AlertItem]:
        statement = alerts_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        named = ((rows.state, state), (rows.severity, severity), (rows.institution_id, institution_id))
        for column, wanted in (*named, (rows.rule, rule), (rows.alert_id, alert_id)):
            if wanted is not None:
                statement = statement.where(column == wanted)
        keys = (rows.raised_on, rows.alert_id)
        listing = Listing(name="alerts", statement=statement, keys=keys, columns=ALERT_COLUMNS)
        return await answer_list(listing, asked, kit.connection, AlertItem)  # type: ignore[return-value]

    @router.get("/alerts/evaluations", summary="Every evaluation: version, inputs, result")
    async def evaluations_made(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
        day: date | None = None,
    ) -> Page[EvaluationItem]:
        statement = evaluations_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        for column, wanted in ((rows.account_id, account_id), (rows.day, day)):
            if wanted is not None:
                statement = statement.where(column == wanted)
        listing = Listing(
            name="evaluations", statement=statement, keys=(rows.day, rows.watch_id), columns=EVALUATION_COLUMNS
        )
        return await answer_list(listing, asked, kit.connection, EvaluationItem)  # type: ignore[return-value]


def _rules(router: Router, kit: Kit) -> None:
    @router.get("/institutions", summary="Institutions and whether they may charge, now or as of a moment")
    async def institutions(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        blocked_only: bool = False,
    ) -> Page[InstitutionItem]:
        statement = institutions_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if blocked_only:
            statement = statement.where(rows.blocked != "")
        keys = (rows.institution_id,)
        listing = Listing(name="institutions", statement=statement, keys=keys, columns=INSTITUTION_COLUMNS)
        return await answer_list(listing, asked, kit.connection, InstitutionItem)  # type: ignore[return-value]

    @router.get("/rules", summary="Rules of charging and of alerts with their numbers, in the versions in force")
    async def rules(_scope: Scope = Depends(kit.visitor_scope)) -> list[PolicyItem]:
        return _policies()


def _policies() -> list[PolicyItem]:
    limits = charging_limits.IN_FORCE
    charging = {
        "months_max": limits.months_max,
        "lessons_max": limits.lessons_max,
        "non_subject_fen_max": limits.non_subject_fen_max,
    }
    alerting = [
        PolicyItem(
            version=f"{rule.name}/{DEFAULT_VERSION}",
            parameters={number.name: number.default for number in rule.numbers},
            source=rule.legal_basis,
        )
        for rule in RULES
    ]
    return [
        PolicyItem(version=limits.version, parameters=charging, source="教监管函〔2021〕2号; 13 部门非学科类培训意见"),
        *alerting,
    ]
