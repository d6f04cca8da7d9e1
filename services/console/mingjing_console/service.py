"""Console put together: pages at the root, and a log of its own that says who may do what."""

from __future__ import annotations

from starlette.types import ASGIApp

from mingjing_console.api import ending, giving, lending, reading
from mingjing_console.api.reads import READS
from mingjing_console.checklist_routes import FORM_BYTES_MAX as CHECKLIST_FORM_BYTES_MAX
from mingjing_console.codec import AGGREGATES
from mingjing_console.complain_routes import PHOTO, PHOTO_FORM_BYTES_MAX
from mingjing_console.complaint_file_routes import FORM_BYTES_MAX as EXPORT_FORM_BYTES_MAX
from mingjing_console.import_routes import FILE_BYTES_MAX
from mingjing_console.kept_pages import KeptPages
from mingjing_console.messaging.outbound import OUTBOUND
from mingjing_console.pages.checklists import PATH as CHECKLISTS
from mingjing_console.pages.complaint_files import PATH as EXPORTS
from mingjing_console.pages.grid_roster import PATH as ROSTER
from mingjing_console.problem_pages import ProblemPages
from mingjing_console.projections.grants import GRANTS_READ
from mingjing_console.projections.people import PEOPLE_READ
from mingjing_console.projections.schema import METADATA
from mingjing_console.projections.substitutions import SUBSTITUTIONS_READ
from mingjing_console.roster_routes import FORM_BYTES_MAX as ROSTER_FORM_BYTES_MAX
from mingjing_console.round_routes import API as ROUND_API
from mingjing_console.round_routes import PART_BYTES_MAX as ROUND_PART_BYTES_MAX
from mingjing_console.routes import make_pages
from mingjing_console.settings import ConsoleSettings
from mingjing_kernel.http import Kit
from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.service import Service


def _before_pages(kit: Kit, app: ASGIApp) -> ASGIApp:
    return KeptPages(kit, ProblemPages(app))


SERVICE = Service(
    name="console",
    package="mingjing_console",
    title="Console 控制台",
    description=(
        "公众查询、机构页、总览；授权、转授、代理、撤销登录。"
        "Public look-up, one page an institution, the county at a glance; who may do what, and who says so."
    ),
    aggregates=AGGREGATES,
    read_models=(PEOPLE_READ, GRANTS_READ, SUBSTITUTIONS_READ, make_reads_model(METADATA)),
    routers=(
        giving.make_router,
        lending.make_router,
        ending.make_router,
        ending.make_lock_router,
        reading.make_router,
        reading.make_person_router,
    ),
    outbound=OUTBOUND,
    pages=(make_pages,),
    before_pages=_before_pages,
    page_uploads={
        CHECKLISTS: CHECKLIST_FORM_BYTES_MAX,
        ROSTER: ROSTER_FORM_BYTES_MAX,
        "/imports": FILE_BYTES_MAX,
        EXPORTS: EXPORT_FORM_BYTES_MAX,
        ROUND_API: ROUND_PART_BYTES_MAX,
        PHOTO: PHOTO_FORM_BYTES_MAX,
    },
    reads=READS,
    settings=ConsoleSettings,
)
