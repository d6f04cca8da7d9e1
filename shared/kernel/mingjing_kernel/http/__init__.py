"""The HTTP edge: problems, envelopes, pages, exports; a router imports its words from here."""

from mingjing_kernel.http.actions import AvailableActions, actions_of, available_actions
from mingjing_kernel.http.app import make_app
from mingjing_kernel.http.export import Column
from mingjing_kernel.http.kit import Dependencies, Kit, make_dependencies
from mingjing_kernel.http.language import language_of
from mingjing_kernel.http.page import Asked, Listing, Page, answer_list, asked, page_of
from mingjing_kernel.http.past import day_of, moment_of, position_of
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.http.reading import AsOf, parse_as_of, tagged
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import Accepted, accepted

__all__ = [
    "Accepted",
    "AsOf",
    "Asked",
    "AvailableActions",
    "Column",
    "Dependencies",
    "Kit",
    "Listing",
    "Page",
    "Problem",
    "Router",
    "accepted",
    "actions_of",
    "answer_list",
    "asked",
    "available_actions",
    "day_of",
    "language_of",
    "make_app",
    "make_dependencies",
    "moment_of",
    "page_of",
    "parse_as_of",
    "position_of",
    "problem_of",
    "tagged",
]
