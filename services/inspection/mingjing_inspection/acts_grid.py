"""What a person may do to grids, their posts and the places of sites.

One rule: whoever proposed a version of the grids does not put it in force.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain.grid_post import FillPost, FillPosts, VacatePost
from mingjing_inspection.domain.grid_version_facts import (
    ApproveGrids,
    DraftGrids,
    DropFeature,
    GridsApproved,
    GridsProposed,
    ProposeGrids,
    ReturnGrids,
    WithdrawGrids,
)
from mingjing_kernel.identity import Act, Role, roles

DRAWING: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER, Role.ADMINISTRATOR)
DECIDING: Final = roles(Role.APPROVER)
PLACING: Final = roles(Role.GRID_OFFICER, Role.INSPECTOR, Role.CASE_OFFICER, Role.LICENSING_OFFICER)


def _drawing(name: str, zh: str, en: str, asks: type, *leaves: type) -> Act:
    return Act(name=name, zh=zh, en=en, roles=DRAWING, asks=asks, leaves=leaves)


DRAFT_GRIDS = _drawing("draft-grids", "导入网格图形", "take a file of grids into a draft", DraftGrids)
DROP_FEATURE = _drawing("drop-grid-feature", "剔除图形", "leave a feature out of the draft", DropFeature)
PROPOSE_GRIDS = _drawing("propose-grids", "提请启用网格", "propose the grids", ProposeGrids, GridsProposed)
RETURN_GRIDS = Act(
    name="return-grids", zh="退回网格方案", en="send the grids back", roles=DRAWING | DECIDING, asks=ReturnGrids
)
APPROVE_GRIDS = Act(
    name="approve-grids",
    zh="批准启用网格",
    en="put the grids in force",
    roles=DECIDING,
    asks=ApproveGrids,
    leaves=(GridsApproved,),
    apart_from=frozenset({"propose-grids"}),
)
WITHDRAW_GRIDS = Act(
    name="withdraw-grids", zh="撤回网格方案", en="withdraw the grids", roles=DRAWING | DECIDING, asks=WithdrawGrids
)
GRID_VERSION_ACTS = (DRAFT_GRIDS, DROP_FEATURE, PROPOSE_GRIDS, RETURN_GRIDS, APPROVE_GRIDS, WITHDRAW_GRIDS)

FILL_POST = Act(
    name="fill-grid-post", zh="任命网格岗位", en="fill a post of a grid", roles=DRAWING | DECIDING, asks=FillPost
)
VACATE_POST = Act(
    name="vacate-grid-post", zh="免去网格岗位", en="vacate a post of a grid", roles=DRAWING | DECIDING, asks=VacatePost
)
IMPORT_POSTS = Act(
    name="import-grid-posts",
    zh="导入网格岗位名册",
    en="fill posts of grids by a file",
    roles=DRAWING | DECIDING,
    asks=FillPosts,
)
GRID_POST_ACTS = (FILL_POST, VACATE_POST, IMPORT_POSTS)

PLACE_SITE = Act(name="place-site", zh="标注教学点位置", en="say where a site stands", roles=PLACING)
