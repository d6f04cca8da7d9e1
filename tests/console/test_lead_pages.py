"""Pages of leads: what hangs together is in words, persons stand in masks, and a triage is done with forms alone."""

from __future__ import annotations

import re
from inspect import getsource
from typing import Any
from uuid import UUID

from console.test_office import opened
from console.test_round_page import INSPECTION, outpost  # noqa: F401 - the fixture
from console.world import County2026
from inspection.test_leads import LEAD, PERSON
from mingjing_console.pages.leads import STEP
from mingjing_inspection.projections import lead_steps

FIRST, SECOND = UUID(int=501), UUID(int=502)
VERIFIER = "inspector"
CONFIRMER = "case-officer"


async def reported(county: County2026, id: UUID, **changed: Any) -> None:
    await county.send("grid-officer", "PUT", f"{INSPECTION}/leads/{id}", json=LEAD | changed)


def number_of(page: str, deed: str) -> str:
    """The hidden number of a form."""
    form = re.search(rf'action="[^"]*/{deed}">.*?</form>', page, re.DOTALL)
    assert form is not None, deed
    found = re.search(r'type="hidden" name="([^"]+)" value="([^"]+)"', form[0])
    assert found is not None
    return found[2]


async def test_a_lead_is_triaged_with_forms_and_its_cluster_is_in_words(outpost: County2026) -> None:  # noqa: F811
    await reported(outpost, FIRST)
    await reported(outpost, SECOND, address="甲路9号", people=[{"phone": PERSON["phone"]}])
    await outpost.caught_up("inspection")
    listed = await opened(outpost, "/leads", VERIFIER)
    assert listed.status_code == 200
    assert "电话相同" in listed.text
    assert "same telephone" in listed.text
    path = f"/leads/{FIRST}"
    page = await opened(outpost, path, VERIFIER)
    assert "钱**" in page.text
    assert PERSON["phone"] not in page.text
    assert "周六 09:00–11:30" in page.text
    assert "200.00 元/课时" in page.text
    assert "认定 O1 尚缺" in page.text
    done = await opened(outpost, f"{path}/verification", VERIFIER, form={"key": number_of(page.text, "verification")})
    assert done.status_code == 303, done.text
    bare = {"question": "PAID", "answer": "YES"}
    refused = await opened(outpost, f"{path}/answer", VERIFIER, form=bare)
    assert refused.status_code == 422
    assert "须说明依据" in refused.text
    for question in ("PUPILS", "PAID", "SUBJECT", "FEW_AT_PLACES"):
        form = {"question": question, "answer": "YES", "note": "现场所见"}
        assert (await opened(outpost, f"{path}/answer", VERIFIER, form=form)).status_code == 303
    await outpost.caught_up("inspection")
    page = await opened(outpost, path, CONFIRMER)
    assert "O2 变相开展学科类培训" in page.text
    assert "待确认" in page.text
    other = await opened(outpost, f"{path}/confirmation", CONFIRMER, form={"verdict": "O1"})
    assert other.status_code == 409, "the answers say O2"
    own = await opened(outpost, f"{path}/confirmation", VERIFIER, form={"verdict": "O2"})
    assert own.status_code == 403, "who answered does not confirm"
    assert (await opened(outpost, f"{path}/parting", VERIFIER, form={"other": str(SECOND), "reason": "不同人"})
            ).status_code == 303  # fmt: skip
    await outpost.caught_up("inspection")
    assert "电话相同" not in (await opened(outpost, path, VERIFIER)).text
    unknown = await opened(outpost, f"/leads/{UUID(int=599)}", VERIFIER)
    assert unknown.status_code == 404


def test_every_step_of_a_lead_has_words_also_those_that_only_time_brings() -> None:
    told = re.findall(r'(?:return|step =|else) "([a-z-]+)"', getsource(lead_steps))
    assert {"escalated", "other-report-kept", "seen-again", "premises-found"} < set(told)
    assert set(told) <= STEP.keys()
