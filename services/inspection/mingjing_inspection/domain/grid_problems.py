"""What can be wrong with a drawn grid (网格图形问题): each a sentence with its rule and its remedy.

One rule: a problem names the feature and the place, so that a map can show it; its sentence is made at the edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mingjing_inspection.domain.shape import Ring
from mingjing_kernel.refusal import Invalid, Refusal

PIECES_MAX = 5
"""Of one problem that are shown: who mends the first sees the others next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What stands in the place of a name in the sentence."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of them. ``feature`` is its number in the file, from 1; 0 where the draft as a whole is meant.

    ``place`` are rings; one of a single point is a point. ``blocks``: whether the grids cannot be proposed with it.
    """

    rule: str
    feature: int
    code: str
    values: tuple[Value, ...]
    place: tuple[Ring, ...]
    blocks: bool = True


def problem_from(
    refusal: Refusal, feature: int, code: str, place: tuple[Ring, ...] = (), *, blocks: bool = True
) -> Problem:
    """The refusal as it is kept: its name and its values."""
    values = tuple(Value(name=name, text=str(value)) for name, value in sorted(refusal.values.items()))
    return Problem(
        rule=refusal.code(), feature=feature, code=code, values=values, place=place[:PIECES_MAX], blocks=blocks
    )


class GridProblem(Invalid):
    """Wrong with a feature, or with several together."""

    rule = "GB/T 34300-2017"


class CodeMalformed(GridProblem):
    """Neither 15 digits nor 12."""

    sentence = "The code {code} has neither the 15 digits of a grid nor the 12 of a community's outline."
    remedy = "Write 6 digits of the county, 3 of the town, 3 of the community and 3 of the grid's number."
    field = "properties.code"


class CountyForeign(GridProblem):
    """Another county's."""

    sentence = "The code {code} does not begin with this county's code {county}."
    remedy = "Leave other counties' grids out of the file, or correct the code."
    field = "properties.code"


class TownNotInCounty(GridProblem):
    """No such town."""

    sentence = "{town} in the code {code} is no town or street of this county."
    remedy = "Look the town's code up in the table of divisions; a town that was abolished has a successor."
    field = "properties.code"


class CommunityNumberZero(GridProblem):
    """The digits of the community are 000."""

    sentence = "The code {code} names no community: its 10th to 12th digits are 000."
    remedy = "Every grid belongs to exactly one community; write that community's number."
    field = "properties.code"


class SequenceZero(GridProblem):
    """Grids are counted from 001."""

    sentence = "The grid's number in the code {code} is 000."
    remedy = "Number the grids of a community from 001, west to east and north to south."
    field = "properties.code"


class CodeTwice(GridProblem):
    """Two features claim one code."""

    sentence = "The code {code} stands at feature {other}, too."
    remedy = "Give each grid a code of its own."
    field = "properties.code"


class NotPolygon(GridProblem):
    """A point, a line, several polygons."""

    sentence = "The feature is a {kind}; a grid is one closed polygon."
    remedy = "Draw one polygon; give a grid of several parts one code a part."
    field = "geometry"


class CoordinatesUnreadable(GridProblem):
    """No numbers, or too few."""

    sentence = "The coordinates of the feature cannot be read: {reason}."
    remedy = "Each ring is a list of at least four pairs of longitude and latitude in degrees."
    field = "geometry.coordinates"


class OutsideChina(GridProblem):
    """Latitude before longitude, metres for degrees."""

    sentence = "The feature reaches {longitude}, {latitude}, which is not in China."
    remedy = "Longitude comes before latitude, both in degrees; reproject a file in metres."
    field = "geometry.coordinates"


class RingNotClosed(GridProblem):
    """The last point is another one than the first."""

    sentence = "The outline is not closed: it ends elsewhere than it begins."
    remedy = "Let the last point repeat the first."
    field = "geometry.coordinates"


class ShapeCrossesItself(GridProblem):
    """Not a simple polygon."""

    sentence = "The outline is no simple polygon: {reason}."
    remedy = "Correct the outline at the marked place, so that it neither crosses nor touches itself."
    field = "geometry.coordinates"


class VerticesTooMany(GridProblem):
    """Nobody surveys that finely."""

    sentence = "The outline has {count} points; at most {maximum} are taken."
    remedy = "Simplify the outline."
    field = "geometry.coordinates"


class GridTooSmall(GridProblem):
    """A sliver left over by a drawing tool, mostly."""

    sentence = "The grid covers {area} m², less than the {least} m² that are asked for."
    remedy = "Join it to a neighbour, or correct its outline."
    field = "geometry"


class GridTooLarge(GridProblem):
    """Nobody walks that."""

    sentence = "The grid covers {area} ha, more than the {most} ha that are allowed."
    remedy = "Divide it into several grids."
    field = "geometry"


class GridsOverlap(GridProblem):
    """Two grids claim the same ground."""

    sentence = "{code} overlaps {other} by about {area} m²."
    remedy = "Move the common border of the two, so that every place lies in one grid."
    field = "geometry"


class CommunityHasHole(GridProblem):
    """A place of the community lies in no grid."""

    sentence = "About {area} m² of the community {community} lie in no grid."
    remedy = "Extend a grid over the marked place, or draw one there."
    field = "geometry"


class GridLeavesCommunity(GridProblem):
    """Its code says one community, its outline reaches into another."""

    sentence = "About {area} m² of the grid {code} lie outside its community {community}."
    remedy = "Correct the outline or the code: a grid lies in exactly one community."
    field = "geometry"


class CommunityNotDrawn(GridProblem):
    """Others have an outline."""

    sentence = "The file draws outlines of communities, but none of {community}, to which the grid {code} belongs."
    remedy = "Add the community's outline, or correct the grid's code."
    field = "properties.code"


class SequenceAgainstOrder(GridProblem):
    """Numbered neither by rows nor by columns."""

    sentence = "{code} lies north-west of {other}, which has a lower number."
    remedy = "Number from west to east and from north to south; a grid added later may keep its number."
    field = "properties.code"


def _codes(*kinds: type[Refusal]) -> Mapping[str, type[Refusal]]:
    return MappingProxyType({kind.code(): kind for kind in kinds})


PROBLEMS = _codes(
    CodeMalformed,
    CountyForeign,
    TownNotInCounty,
    CommunityNumberZero,
    SequenceZero,
    CodeTwice,
    NotPolygon,
    CoordinatesUnreadable,
    OutsideChina,
    RingNotClosed,
    ShapeCrossesItself,
    VerticesTooMany,
    GridTooSmall,
    GridTooLarge,
    GridsOverlap,
    CommunityHasHole,
    GridLeavesCommunity,
    CommunityNotDrawn,
    SequenceAgainstOrder,
)
"""By the name under which facts keep them."""
