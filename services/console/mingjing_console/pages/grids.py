"""Grid map 网格地图: a county's grids as inspection says them, what is wrong with a draft marked and numbered.

One rule: a picture that anybody can print, plain SVG without script or style of its own; each mark stands in the list
below it with its rule and its remedy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final, TypeAlias

from htpy import Element, Node, a, b, circle, code, g, h2, li, ol, p, path, section, small, svg, text, title, ul

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import question, rows, typed
from mingjing_console.pages.lead_heat import NO_HEAT, Heat, heat_list
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import Words

TITLE: Final = ("网格地图", "Grid map")
PATH: Final = "/grids"
WIDTH: Final = 1_000
"""Units of the picture, whatever the screen's size."""
MARGIN: Final = 12
FEATURES_MAX: Final = 4_000
MARK: Final = 16
_KINDS: Final = ("grid", "community", "aside")
"""In the order in which they are drawn: an outline over the grids that fill it."""
STATE: Words = {
    "DRAFT": ("草稿", "Draft"),
    "PROPOSED": ("待批准", "Proposed"),
    "APPROVED": ("已批准", "Approved"),
    "WITHDRAWN": ("已撤回", "Withdrawn"),
}
POST: Words = {
    "OFFICER": ("网格员", "Officer"),
    "DEPUTY": ("副网格员", "Deputy"),
    "COMMUNITY_LEADER": ("社区网格长", "Community leader"),
    "LINKED_INSPECTOR": ("责任督学", "Linked inspector"),
}
Line: TypeAlias = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What inspection said: the grids in force or those of a version, the versions, and who holds which post."""

    shown: Answer
    versions: Answer
    posts: Answer
    heat: Heat = NO_HEAT


def grid_map(asked: Mapping[str, str], seen: Seen) -> Node:
    """The picture, what is wrong, the versions."""
    ask = section[
        question(
            PATH,
            typed("日期", "Day", "on", asked["on"], "date"),
            typed("区划或网格编码开头", "Beginning of the code", "region", asked["region"]),
        )
    ]
    if not seen.shown.is_there:
        return [ask, trouble(seen.shown), _versions(seen.versions)]
    said = seen.shown.body
    problems = [*said.get("problems", ()), *(one for aside in said.get("kept_aside", ()) for one in aside["problems"])]
    features = [one for one in said["features"] if one["properties"]["code"].startswith(asked["region"])]
    return [
        ask,
        section[_heading(said, asked), _picture(features[:FEATURES_MAX], problems, seen.heat), _few(features)],
        heat_list(seen.heat),
        _problems(problems) if asked["version"] else None,
        _posts(seen.posts),
        _versions(seen.versions),
    ]


def _heading(said: Mapping[str, Any], asked: Mapping[str, str]) -> Node:
    count = sum(one["properties"]["kind"] == "grid" for one in said["features"])
    if asked["version"]:
        return h2[both(f"所选版本：{count} 个网格", f"The chosen version: {count} grids")]
    if said["version_id"] is None:
        return p[f"{said['on']} 没有启用的网格。 ", small(lang="en")["No grids were in force on that day."]]
    zh, en = f"{said['on']}：{count} 个网格", f"{count} grids, in force from {said['effective_on']}"
    return h2[both(f"{zh}，{said['effective_on']} 起启用", en)]


def _few(features: Sequence[Any]) -> Node:
    if len(features) <= FEATURES_MAX:
        return None
    return p(".warn")["图形过多，只画出一部分；请按编码开头缩小范围。 Too many to draw; narrow it down by code."]


def _picture(features: Sequence[Mapping[str, Any]], problems: Sequence[Mapping[str, Any]], heat: Heat) -> Node:
    places = [list(_lines(one["place"])) for one in problems]
    lines = [line for one in features for line in one["geometry"]["coordinates"]]
    points = [point for line in (*lines, *(line for place in places for line in place)) for point in line]
    if not points:
        return None
    frame = _Frame.around(points)
    shapes = [
        _shape(one, frame, heat) for one in sorted(features, key=lambda one: _KINDS.index(one["properties"]["kind"]))
    ]
    marks = [_mark(number, place, frame) for number, place in enumerate(places, start=1) if place]
    drawn = {"viewBox": f"0 0 {WIDTH} {frame.height}", "role": "img", "aria-label": "网格地图 Grid map", "class": "map"}
    return svg(drawn)[shapes, marks]


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    east_scale: float
    south_scale: float
    height: int

    @classmethod
    def around(cls, points: Line) -> _Frame:
        """All of them, with a margin; a degree of longitude as long as it is at that latitude."""
        longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
        west, north = min(longitudes), max(latitudes)
        narrowed = cos(radians((min(latitudes) + north) / 2))
        across = max((max(longitudes) - west) * narrowed, (north - min(latitudes)) / 2, 1e-6)
        scale = (WIDTH - 2 * MARGIN) / across
        height = round((north - min(latitudes)) * scale) + 2 * MARGIN
        return cls(west, north, scale * narrowed, scale, height)

    def at(self, point: Sequence[float]) -> tuple[int, int]:
        """In units of the picture."""
        x, y = (point[0] - self.west) * self.east_scale, (self.north - point[1]) * self.south_scale
        return round(x) + MARGIN, round(y) + MARGIN

    def drawn(self, line: Line) -> str:
        """A closed line; points that fall on one unit are one."""
        points = list(dict.fromkeys(map(self.at, line)))
        return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z" if points else ""


def _shape(feature: Mapping[str, Any], frame: _Frame, heat: Heat) -> Element:
    said = feature["properties"]
    lines = " ".join(frame.drawn(line) for line in feature["geometry"]["coordinates"])
    hot, count = heat.of_grid(said["code"])
    leads = f" 未办结线索 {count} 条" if count else ""
    return path({"d": lines, "class": f"area {said['kind']}{hot}", "fill-rule": "evenodd"})[
        title[f"{said['code']} {said['name']}{leads}"]
    ]


def _mark(number: int, place: Sequence[Line], frame: _Frame) -> Element:
    points = [frame.at(point) for line in place for point in line]
    x, y = (sum(one) // len(points) for one in zip(*points, strict=True))
    lines = " ".join(frame.drawn(line) for line in place if len(line) > 1)
    return g[
        path({"d": lines, "class": "wrong"}) if lines else None,
        circle({"cx": str(x), "cy": str(y), "r": str(MARK), "class": "mark"}),
        text({"x": str(x), "y": str(y), "class": "mark"})[str(number)],
    ]


def _lines(place: Mapping[str, Any] | None) -> Iterator[Line]:
    match place:
        case {"type": "Point", "coordinates": point}:
            yield [point]
        case {"type": "MultiLineString", "coordinates": lines}:
            yield from lines
        case {"type": "MultiPolygon", "coordinates": polygons}:
            yield from (polygon[0] for polygon in polygons)
        case _:
            return


def _problems(problems: Sequence[Mapping[str, Any]]) -> Node:
    heading = h2[both("图形问题", "What is wrong")]
    if not problems:
        return section[heading, p(".good")["没有发现问题。 Nothing was found."]]
    return section[
        heading,
        ol[
            (
                li[
                    tag("bad", "须更正", "must be mended") if one["blocks"] else tag("warn", "提示", "a remark"),
                    " ",
                    code[one["code"]] if one["code"] else None,
                    p[one["sentence"]["zh"], " ", one["remedy"]["zh"]],
                    p[small(lang="en")[one["sentence"]["en"], " ", one["remedy"]["en"]]],
                ]
                for one in problems
            )
        ],
    ]


def _posts(answer: Answer) -> Node:
    heads = (("网格", "Grid"), ("岗位", "Post"), ("人员", "Person"), ("起", "From"))
    found = [
        (code[one["region"]], both(*POST[one["post"]]), one["person"], day(one["from_on"])) for one in answer.items
    ]
    by_file = p[a(href=f"{PATH}/posts")[both("按名册导入岗位", "Fill posts by a roster")]]
    return section[h2[both("网格岗位", "Posts")], by_file, rows(heads, found) if answer.is_there else trouble(answer)]


def _versions(answer: Answer) -> Node:
    heading = h2[both("网格版本", "Versions")]
    if not answer.is_there:
        return section[heading, trouble(answer)]
    found = [
        li[
            a(href=f"{PATH}?version={one['version_id']}")[one["name"] or one["version_id"]],
            " ",
            tag("good" if one["state"] == "APPROVED" else "", *STATE[one["state"]]),
            f" {one['grids']} 个网格 ",
            b(".warn")[f"{one['kept_aside']} 个图形待补正"] if one["kept_aside"] else None,
            p[small[f"{day(one['effective_on'])} 起启用 in force from"]] if one["effective_on"] else None,
            _redraw(one["redraw"]),
        ]
        for one in answer.items
    ]
    return section[heading, ul(".plain")[found] if found else p(".soft")["没有网格版本。 No version."]]


def _redraw(done: Mapping[str, Any]) -> Node:
    if not done:
        return None
    zh = f"教学点 {done['sites']} 个，换网格 {done['moved']} 个，位置不明 {done['place_unknown']} 个，"
    zh += f"不在网格内 {done['outside']} 个；任务转移 {done['tasks_moved']} 件，未转移 {done['tasks_kept']} 件。"
    en = f"{done['moved']} of {done['sites']} sites moved, {done['tasks_moved']} tasks; {done['because']}"
    return p[zh, " ", small(lang="en")[en]]
