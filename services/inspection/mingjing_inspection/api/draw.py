"""Double-random draws over HTTP (双随机抽查): frozen, committed to, drawn, published, each by its own act."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection import draw as lots
from mingjing_inspection.acts_plans import ANNUL_DRAW, COMMIT_DRAW, DRAW_LOTS, FREEZE_DRAW, PUBLISH_DRAW
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import DRAWS
from mingjing_inspection.domain.draw import Annulled, Draw, Gathering, Undrawn, hindrance
from mingjing_inspection.domain.draw_facts import AnnulDraw, CommitDraw, DrawFrozen, DrawLots, FreezeDraw, PublishDraw
from mingjing_inspection.domain.draw_refusals import DrawUnknown
from mingjing_inspection.intake.drawing import Where, attempt_of, notice_of, numbers_of, pool_of, seed_of
from mingjing_inspection.intake.drawn_tasks import cancel_drawn, plan_drawn
from mingjing_inspection.projections.draws import draws_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OFFICIALS, Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.keys import Keys

BASIS: Final = "国办发〔2015〕58号；国发〔2019〕5号"
COLUMNS = (
    Column("plan", "计划", "Plan"),
    Column("attempt", "次数", "Draw"),
    Column("title", "名称", "Title"),
    Column("state", "状态", "State"),
    Column("candidates", "参加抽查机构数", "Institutions"),
    Column("inspectors", "参加抽查人员数", "Inspectors"),
    Column("selected", "抽查数", "Drawn"),
    Column("left_out", "未列入数", "Left out"),
    Column("population_hash", "名单摘要", "Population hash"),
    Column("commitment", "种子承诺", "Commitment"),
    Column("public_source", "公开值来源", "Public value"),
    Column("public_value_due_at", "公开值公布时间", "Known at", "moment"),
    Column("public_value", "公开值", "Value"),
    Column("annulled_because", "宣布无效理由", "Annulled because"),
)


class FreezeBody(BaseModel):
    """Over what is drawn. A plan, say ``2026-Q4``, has one draw that stands."""

    plan: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{0,39}$")
    title: str = Field(min_length=1, max_length=200)
    region: str = Field(pattern=r"^[0-9]{6}([0-9]{3})?$")
    department: str = Field(default="", max_length=60, description="Empty: any")
    category: str = Field(default="", max_length=40, description="Empty: any")


class CommitBody(BaseModel):
    """Which public value will be mixed in, and from when it can be known."""

    public_source: str = Field(max_length=200, examples=["福利彩票双色球第2026141期开奖号码"])
    public_value_due_at: Moment


class LotsBody(BaseModel):
    """The value, as it was published."""

    public_value: str = Field(
        max_length=200, description="Digits as published, in their order, nothing between: one spelling only"
    )
    public_value_at: Moment
    evidence: str = Field(max_length=500, description="Where anybody can look it up")


class AnnulBody(BaseModel):
    """Why it does not count."""

    reason: str = Field(max_length=1_000)


class DrawAccepted(Accepted):
    """It stands in the log; and under which id."""

    draw_id: UUID


class CandidateItem(BaseModel):
    """An institution that may be drawn, and the code under which it stands in the notice."""

    institution_id: UUID
    name: str
    level: str
    weight: int
    salt: str
    code: str


class LeftOutItem(BaseModel):
    """An institution that could not be drawn, and why."""

    institution_id: UUID
    why: str


class Population(BaseModel):
    """Who stands behind the codes."""

    candidates: list[CandidateItem]
    inspectors: list[str]
    left_out: list[LeftOutItem]


class DrawItem(BaseModel):
    """A draw as it stands, or stood when it was annulled."""

    model_config = ConfigDict(from_attributes=True)

    draw_id: UUID
    attempt: int
    state: str
    plan: str
    title: str
    department: str
    region: str
    category: str
    candidates: int
    inspectors: int
    selected: int
    left_out: int
    population_hash: str
    policy_version: str
    frozen_at: datetime
    commitment: str
    public_source: str
    public_value_due_at: datetime | None
    public_value: str
    annulled_because: str


def make_router(kit: Kit) -> Router:
    """Draws: frozen, and looked at."""
    router = Router(tags=["draw 双随机抽查"])
    keys = Keys(kit)

    @router.post("/draws", status_code=201, summary="冻结抽查名单 freeze who may be drawn")
    async def freeze_draw(
        body: FreezeBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> DrawAccepted:
        """All institutions with a site, weighted by the policy, and all inspectors of the region."""
        where = Where(region=body.region, department=body.department, category=body.category)
        scope.require(FREEZE_DRAW, Dimensions(where.department, where.region, where.category))
        draw_id = derived_id("draw", where.department, where.region, where.category, body.plan)
        numbers = await numbers_of(kit, where, shanghai_date(kit.now()))
        command = FreezeDraw(
            plan=body.plan,
            title=body.title,
            authority=kit.settings.county_name,
            region=where.region,
            department=where.department,
            category=where.category,
            pool=await pool_of(kit, keys.index(), draw_id, where, numbers),
            policy_version=numbers.version,
            by=written.actor,
            at=kit.now(),
        )
        done = accepted(response, await kit.log.handle(DRAWS, draw_id, command, written))
        return DrawAccepted(**done.model_dump(), draw_id=draw_id)

    @router.get("/draws", response_model=Page[DrawItem], summary="抽查列表 draws")
    async def draws(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; annulled ones too."""
        statement = draws_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="draws",
            statement=statement,
            keys=(rows.frozen_at, rows.draw_id, rows.attempt),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, DrawItem)

    @router.get("/draws/{draw_id}/notice", summary="抽查公告 the notice as it will be public")
    async def draw_notice(
        draw_id: UUID, attempt: int | None = Query(default=None, ge=1), scope: Scope = Depends(kit.scope)
    ) -> dict[str, Any]:
        """With the result before it is public; ``mingjing inspection draw verify`` checks it."""
        draw = await attempt_of(kit, draw_id, attempt)
        _require_seen(scope, draw)
        return notice_of(draw, is_public=False)

    @router.get("/draws/{draw_id}/population", summary="抽查名单 who may be drawn, by name")
    async def draw_population(
        draw_id: UUID, attempt: int | None = Query(default=None, ge=1), scope: Scope = Depends(kit.scope)
    ) -> Population:
        """For officials: an institution that asks is told its own code and salt, and finds itself in the notice."""
        draw = await attempt_of(kit, draw_id, attempt)
        _require_seen(scope, draw)
        pool = _frozen(draw).pool
        return Population(
            candidates=[
                CandidateItem(
                    institution_id=one.institution_id,
                    name=one.name,
                    level=one.level,
                    weight=one.weight,
                    salt=one.salt,
                    code=lots.code_of(one.salt, str(one.institution_id), one.name),
                )
                for one in pool.candidates
            ],
            inspectors=[one.officer for one in pool.inspectors],
            left_out=[LeftOutItem(institution_id=one.institution_id, why=one.why) for one in pool.left_out],
        )

    @router.get("/draws/{draw_id}/available-actions", summary="可办事项 what may be done to it now, and until when")
    async def draw_actions(draw_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        draw, _ = await kit.log.state(DRAWS, draw_id)
        here = _require_seen(caller.scope, draw)
        return await available_actions(kit, DRAWS, draw_id, caller, here, hindrance, thing=_frozen(draw).attempt)

    return router


def make_steps_router(kit: Kit) -> Router:
    """The steps of a draw, in their order."""
    router = Router(tags=["draw 双随机抽查"])
    keys = Keys(kit)

    @router.post("/draws/{draw_id}/commitment", summary="承诺随机种子 commit to the seed")
    async def commit_draw(
        draw_id: UUID,
        body: CommitBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """From now on the notice is public: population and hash, commitment, and which value will be mixed in."""
        draw = await _standing(kit, draw_id, scope, COMMIT_DRAW)
        command = CommitDraw(
            commitment=lots.commitment_to(seed_of(keys.index(), draw_id, _frozen(draw))),
            public_source=body.public_source,
            public_value_due_at=body.public_value_due_at,
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(DRAWS, draw_id, command, written))

    @router.post("/draws/{draw_id}/lots", summary="录入公开值并抽取 enter the public value and draw")
    async def draw_lots(
        draw_id: UUID,
        body: LotsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another person than who froze it. The seed is revealed, and tasks are planned and assigned."""
        draw = await _standing(kit, draw_id, scope, DRAW_LOTS)
        command = DrawLots(
            seed=seed_of(keys.index(), draw_id, _frozen(draw)),
            public_value=body.public_value,
            public_value_at=body.public_value_at,
            evidence=body.evidence,
            by=written.actor,
            at=kit.now(),
        )
        done = accepted(response, await kit.log.handle(DRAWS, draw_id, command, grounded(written, body.evidence)))
        await kit.up_to_date()
        await plan_drawn(kit, draw_id)  # what is cut off here is planned by night
        return await _through(kit, response, done)

    @router.post("/draws/{draw_id}/publication", summary="公布抽查结果 publish the result")
    async def publish_draw(
        draw_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """From now on anybody can draw again."""
        await _standing(kit, draw_id, scope, PUBLISH_DRAW)
        command = PublishDraw(by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(DRAWS, draw_id, command, written))

    @router.post("/draws/{draw_id}/annulment", summary="宣布抽查无效 annul the draw")
    async def annul_draw(
        draw_id: UUID,
        body: AnnulBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """It stays to be seen with the reason; its tasks that nobody has carried out are cancelled."""
        draw = await _standing(kit, draw_id, scope, ANNUL_DRAW)
        grounds = grounded(written, body.reason)
        command = AnnulDraw(reason=body.reason, by=written.actor, at=kit.now())
        done = accepted(response, await kit.log.handle(DRAWS, draw_id, command, grounds))
        await cancel_drawn(kit, draw_id, _frozen(draw).attempt, body.reason, grounds)
        return await _through(kit, response, done)

    return router


async def _through(kit: Kit, response: Response, done: Accepted) -> Accepted:
    """The answer after everything that followed: who reads next sees the tasks."""
    position = await kit.log.head()
    response.headers[POSITION_HEADER] = str(position)
    return done.model_copy(update={"position": position})


async def _standing(kit: Kit, draw_id: UUID, scope: Scope, act: Act) -> Draw:
    """The draw that somebody wants to do something to."""
    draw: Draw = (await kit.log.state(DRAWS, draw_id))[0]
    scope.require(act, _require_seen(scope, draw))
    return draw


def _require_seen(scope: Scope, draw: Draw) -> Dimensions:
    """Where it stands; of what one may not see nothing is told."""
    frozen = _frozen(draw)
    here = Dimensions(frozen.department, frozen.region, frozen.category)
    if not scope.allows(role=OFFICIALS, **here._asdict()):
        raise DrawUnknown
    return here


def _frozen(draw: Draw) -> DrawFrozen:
    if isinstance(draw, Undrawn | Gathering):
        raise DrawUnknown
    return draw.before.frozen if isinstance(draw, Annulled) else draw.frozen
