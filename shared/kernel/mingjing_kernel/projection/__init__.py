"""Read models: keyed folds of the log, kept in tables that can be dropped and rebuilt at any time."""

from mingjing_kernel.projection.follower import Follower
from mingjing_kernel.projection.reached import ListsBehind, NotThereYet, Reached
from mingjing_kernel.projection.read_model import Key, ReadModel, Row, Tally
from mingjing_kernel.projection.runner import Runner
from mingjing_kernel.projection.scope_index import page_index, scope_index

__all__ = [
    "Follower", "Key", "ListsBehind", "NotThereYet", "Reached", "ReadModel", "Row", "Runner", "Tally", "page_index",
    "scope_index",
]  # fmt: skip
