"""The main job on real input: the sample county's files and people, through the public addresses, week by week."""

from mingjing.demo.outcome import Outcome, gather
from mingjing.demo.play import Player, play

__all__ = ["Outcome", "Player", "gather", "play"]
