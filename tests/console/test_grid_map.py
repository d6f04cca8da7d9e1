"""The grid map: drawn in proportion, marked where something is wrong, and honest where there is nothing."""

from __future__ import annotations

from typing import Any

import htpy

from mingjing_console.gateway import Answer
from mingjing_console.pages import lead_heat
from mingjing_console.pages.grids import Seen, grid_map

SQUARE = [[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1], [120.0, 30.0]]
NOTHING = Answer(200, {"items": [], "next": None})
ASKED = {"on": "", "region": "", "version": ""}


def feature(code: str, kind: str = "grid") -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    return {"type": "Feature", "properties": {"kind": kind, "code": code, "name": "一<网格"}, "geometry": geometry}


def problem(place: dict[str, Any] | None, *, blocks: bool = True) -> dict[str, Any]:
    said = {"zh": "重叠", "en": "overlaps"}
    return {"code": "330106109001001", "sentence": said, "remedy": said, "blocks": blocks, "place": place}


def shown(body: dict[str, Any] | None, **asked: str) -> str:
    seen = Seen(shown=Answer(200 if body else 0, body), versions=NOTHING, posts=NOTHING)
    return str(htpy.div[grid_map(ASKED | asked, seen)])


def test_grids_in_force_are_drawn_as_plain_shapes_with_their_names() -> None:
    grids = [feature("330106109001001"), feature("330106109001", "community")]
    body = {"on": "2026-07-01", "version_id": "v", "effective_on": "2026-06-01", "features": grids}
    page = shown(body)
    assert page.count("<path") == 2
    assert "330106109001001 一&lt;网格" in page
    assert page.index("area grid") < page.index("area community")
    assert "style=" not in page
    assert "<script" not in page
    assert shown(body, region="330106109001001").count("<path") == 1


def test_each_problem_has_a_numbered_mark_and_its_sentence_in_both_languages() -> None:
    places = ({"type": "Point", "coordinates": SQUARE[0]}, {"type": "MultiPolygon", "coordinates": [[SQUARE]]}, None)
    body = {
        "features": [feature("330106109001001")],
        "kept_aside": [{"problems": [problem(place) for place in places]}],
        "problems": [problem(places[0], blocks=False)],
    }
    page = shown(body, version="018f0000-0000-7000-8000-000000000001")
    assert page.count("<circle") == 3, "a problem without a place stands in the list alone"
    assert page.count("重叠") == 8
    assert (page.count("须更正"), page.count("提示")) == (3, 1)


def test_without_grids_or_without_an_answer_the_page_says_so() -> None:
    assert "没有启用的网格" in shown({"on": "2026-07-01", "version_id": None, "effective_on": None, "features": []})
    assert "<svg" not in shown(None)


def heat(**counts: int) -> Answer:
    """What inspection says of leads, by the last three digits of a grid."""
    items = [
        {"region": f"330106109001{grid[1:]}", "leads": count + 1, "leads_open": count, "is_hot": count >= 3}
        for grid, count in counts.items()
    ]
    return Answer(200, {"items": items, "threshold": 3})


def test_grids_are_shaded_by_their_open_leads_and_a_list_says_the_same() -> None:
    grids = [feature(f"330106109001{number:03}") for number in (1, 2, 3)]
    body = {"on": "2026-07-01", "version_id": "v", "effective_on": "2026-06-01", "features": grids}
    seen = Seen(
        shown=Answer(200, body), versions=NOTHING, posts=NOTHING, heat=lead_heat.of(heat(g001=3, g002=1, g003=0))
    )
    page = str(htpy.div[grid_map(ASKED, seen)])
    assert page.count("heat-4") == 1, "a hot-spot is darkest"
    assert page.count("heat-2") == 1
    assert "未办结线索 3 条" in page
    assert page.count("热点") == 1
    assert page.index("330106109001001</code>") < page.index("330106109001002</code>"), "the most first"
    assert "style=" not in page
    quiet = Seen(shown=Answer(200, body), versions=NOTHING, posts=NOTHING, heat=lead_heat.of(heat()))
    assert "没有未办结的线索" in str(htpy.div[grid_map(ASKED, quiet)])
    assert "无证培训线索" not in shown(body), "where inspection did not answer nothing is said"
