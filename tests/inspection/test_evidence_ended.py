"""Evidence ends with the person of its record: when she is erased, or her time is over, and not while a hold lasts."""

from __future__ import annotations

from uuid import UUID

import pytest

from inspection.conftest import World
from inspection.samples import keep_for
from inspection.sending import blob_of, complained
from inspection.test_erasure import WHY
from kernel.evidence.samples import picture
from mingjing_kernel.evidence import custody
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.sealed.opening import erase

CONTENTS = [picture(size=(90, 70 + number)) for number in range(3)]
PAPERS = [UUID(int=500 + number) for number in range(3)]


def there(world: World) -> list[bool]:
    return [blob_of(world, content).exists() for content in CONTENTS]


async def test_the_papers_of_a_complaint_go_with_its_complainant_by_what_was_asked(world: World) -> None:
    complaint, _ = await complained(world, *CONTENTS)
    await keep_for(world, months=0)
    erasure = f"/subjects/complainant-{complaint}/erasure"
    erased = await world.caller("administrator").send("POST", erasure, headers=WHY)
    assert (erased.status_code, there(world)) == (201, [False, False, False])
    last = (await world.host.log.history(EVIDENCE, PAPERS[0]))[-1]
    assert (last.type, last.event.rule) == ("kernel.evidence-destroyed.v1", "complaint: the person is erased")
    assert (last.meta.actor, last.meta.reason) == ("administrator", "本人申请")
    assert (await world.replayed()).differences == 0


async def test_the_sweep_reaches_what_is_due_behind_what_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint, device = await complained(world, *CONTENTS)
    subject, reviewer = f"complainant-{complaint}", world.caller("legal-reviewer")
    hold, paper = f"/subjects/{subject}/holds/{new_id()}", f"/evidence/{PAPERS[0]}/holds/case-7"
    await reviewer.send("PUT", hold, json={"case": "7", "reason": "取证"})
    assert (await device.caller.send("PUT", paper, headers=WHY)).status_code == 200
    await keep_for(world, months=0)
    swept = await world.host.sweeper.step()
    assert (swept.erased, swept.held, there(world)) == (0, 1, [True, True, True]), "a hold on her keeps her papers"
    await reviewer.send("POST", f"{hold}/lifting", json={"reason": "结案"})
    world.later(days=1)
    monkeypatch.setattr(custody, "DESTRUCTIONS_MAX", 1)
    assert (await world.host.sweeper.step()).erased == 1
    assert there(world) == [True, False, False], "the first of them is held by itself"
    other = world.caller("mediator", subject="mediator-2")
    assert (await other.send("DELETE", paper, headers=WHY)).status_code == 200
    world.later(days=1)
    await world.host.sweeper.step()
    assert there(world) == [False, False, False]


async def test_what_a_process_left_that_died_after_an_erasure_the_next_sweep_destroys(world: World) -> None:
    complaint, _ = await complained(world, CONTENTS[0])
    log, written = world.host.log, custody.own_envelope("erasure-alone", complaint)
    await erase(log, f"complainant-{complaint}", world.time.now, written)
    assert there(world)[0] is True
    await world.host.sweeper.step()
    assert there(world)[0] is False
