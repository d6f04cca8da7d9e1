"""What a citizen sees of her complaint; the page alone, without the services behind it."""

from __future__ import annotations

from typing import Any

import pytest

from mingjing_console.gateway import Answer
from mingjing_console.pages import follow
from mingjing_console.pages.shell import page

CLOSED: dict[str, Any] = {
    "number": "W1", "received_at": "2026-12-01T02:00:00Z", "stage": "CLOSED", "closed_at": "2026-12-02T02:00:00Z",
    "next_on": "2026-12-16", "reopen_until": "2026-12-16", "tracks": ["DISPUTE"], "additions": 0, "photos": 0,
    "may_add": False, "may_add_photo": False, "may_answer": False, "may_reopen": False, "may_withdraw": False,
    "reopening_asked": False, "is_withdrawn": False, "waits": False, "reply": None, "replied_at": None,
}  # fmt: skip


def shown(**said: Any) -> str:
    return bytes(page(("进度", "Follow"), follow.standing(Answer(200, CLOSED | said), "S", "A")).body).decode()


def test_until_when_it_can_be_taken_up_again_is_told_only_whoever_may_ask() -> None:
    assert "可申请重新办理至" in shown(may_reopen=True)
    assert "可申请重新办理至" not in shown()
    assert "办结期限" in shown(stage="HANDLING")


@pytest.mark.parametrize(("is_withdrawn", "is_told"), [(False, True), (True, False)])
def test_who_withdrew_since_is_not_told_that_it_is_asked_for(is_withdrawn: bool, is_told: bool) -> None:
    assert ("已申请重新办理" in shown(reopening_asked=True, is_withdrawn=is_withdrawn)) is is_told
