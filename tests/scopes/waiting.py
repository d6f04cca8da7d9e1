"""Files that wait for a confirmation, one for each row, as somebody of its department would have sent it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from mingjing_kernel.clock import shanghai_date
from mingjing_registry.intake.uploads import Upload, open_uploads
from scopes.question import NOW, Row

_FILE = (
    "机构名称,统一社会信用代码,办学许可证号\n杭州木铎轩书画培训学校有限公司,91330106MA00001B3D,教民133010670000016\n"
)


async def send_files(settings: Any, rows: Iterable[Row]) -> None:
    """Put them where a preview looks, each under the number of its row."""
    store, content, today = open_uploads(settings).store, _FILE.encode(), shanghai_date(NOW)
    for row in rows:
        upload = Upload(
            digest=sha256(content).hexdigest(),
            name=f"text-{row.number}",
            department=row.department,
            sender="",
            stated_on=today,
            sent_by="somebody",
            sent_on=today,
        )
        await store.put_new(f"previews/{today}/{row.id}.file", content)
        await store.put_new(f"previews/{today}/{row.id}.json", msgspec.json.encode(upload))
