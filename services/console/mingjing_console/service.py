"""Console put together: pages at the root, and a log of its own in which it only witnesses the others."""

from __future__ import annotations

from mingjing_console.audit_routes import make_audit_pages
from mingjing_console.routes import make_pages
from mingjing_kernel.service import Service

SERVICE = Service(
    name="console",
    package="mingjing_console",
    title="Console 控制台",
    description="公众查询、机构页、总览。Public look-up, one page an institution, the county at a glance.",
    aggregates=(),
    pages=(make_pages, make_audit_pages),
)
