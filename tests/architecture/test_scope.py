"""Whoever reads a read model says for whom.

One rule: a function that builds a ``select`` takes the reader's ``Scope`` and uses it, so no list and no total can
show a row that its reader may not see. What answers nobody, but looks something up for the service itself, is named
here with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from architecture.source import CLONE, modules, place, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef

LOOK_UPS = {
    "mingjing_inspection/projections/tasks.py:unassigned": "what the duty assigns by itself; shows no row",
    "mingjing_console/projections/grants.py:one_grant": "whose grant it is, for deciding who may take it; not shown",
    "mingjing_console/projections/people.py:names_of": "names beside accounts that the asker was shown by a service",
    "mingjing_console/projections/people.py:accounts_of": "whose tasks are asked for; inspection says which are seen",
    "mingjing_console/projections/substitutions.py:one_substitution": "the same for ending a substitution; not shown",
    "mingjing_funds/api/accounts.py:_refunds_pending": "counts refunds of an account that the route has asked for",
    "mingjing_funds/api/acting.py:require_number": "whether a number is free anywhere; shows no row",
    "mingjing_funds/api/alert_steps.py:_with_clocks": "the clocks of an alert that the asker was found to see",
    "mingjing_funds/api/contract_batches.py:_looked_up": "ids of accounts; each is held to the sender's reach",
    "mingjing_funds/api/replays.py:_whose": "which account is meant; what comes out of the log is held to the scope",
    "mingjing_funds/api/replays.py:_beside": "which accounts the institution has; the same holds for them",
    "mingjing_funds/projections/custody_report.py:_lessons": "joined to accounts that the asker may see",
    "mingjing_funds/projections/custody_report.py:_alerts": "joined to accounts that the asker may see",
    "mingjing_funds/projections/unconsumed.py:_left": "the statement behind the two questions of a charging rule",
    "mingjing_funds/projections/confirmation_codes.py:code_found": "for whoever has the code; shows no row",
    "mingjing_funds/projections/refund_lists.py:claims_of": "sums of one account, which the route was asked for",
    "mingjing_funds/projections/contract_numbers.py:with_number": "for a guardian with number and phone; shows no row",
    "mingjing_funds/projections/subjects.py:_subjects": "read through subjects_in, which asks the scope",
    "mingjing_funds/projections/balances.py:_moved": "takes the condition that its caller made of the scope",
    "mingjing_funds/projections/balances.py:_sums": "takes the condition that its caller made of the scope",
    "mingjing_funds/projections/balances.py:_awaited": "joined to the caller's own accounts and shown only there",
    "mingjing_funds/projections/liabilities.py:unconsumed_of": "one sum that answers the registry; shows no row",
    "mingjing_funds/projections/liabilities.py:fees_since": "one sum for a deposit that the route has asked for",
    "mingjing_funds/projections/evidence.py:alert_ended": "for the sweep of evidence, which shows it to nobody",
    "mingjing_inspection/projections/evidence.py:visit_ended": "the same",
    "mingjing_inspection/projections/leads.py:lead_ended": "the same",
    "mingjing_inspection/projections/leads.py:leads_open_at": "whether a lead is open, for a reaction; shows no row",
    "mingjing_inspection/projections/leads.py:leads_of_places": "for planning by night, which shows it to nobody",
    "mingjing_inspection/projections/site_places.py:approved_at": "whether a site stands there; shows no row",
    "mingjing_inspection/projections/visits.py:looks_at": "outcomes at a site, for judging a closed door; shows no row",
    "mingjing_inspection/projections/evidence.py:complaint_ended": "the same",
    "mingjing_registry/projections/evidence.py:institution_ended": "the same",
    **dict.fromkeys(
        (
            f"mingjing_inspection/projections/patrols.py:{name}"
            for name in (
                "open_sites",
                "sites_in_hand",
                "tasks_running",
                "tasks_of_rule",
                "drawable",
                "stated_by",
                "sites_of",
                "drawn_since",
            )
        ),
        "for the duties and for draws; shown to nobody",
    ),
    "mingjing_inspection/projections/grid_versions.py:in_force_on": "which grids count on a day; shows no row",
    "mingjing_inspection/projections/grid_posts.py:posts_of": "which officials are there, which is no secret",
    "mingjing_inspection/projections/visit_parts.py:reports_of_known_sites": "for a duty; shown to nobody",
    "mingjing_inspection/projections/grid_posts.py:officers_on": "to whom a task goes; shown to nobody",
    "mingjing_inspection/projections/site_places.py:places_after": "positions for redrawing; shown to nobody",
    "mingjing_inspection/projections/site_places.py:count_places": "a count for redrawing; shown to nobody",
    "mingjing_inspection/projections/site_places.py:tasks_elsewhere": "ids for redrawing; shown to nobody",
    "mingjing_inspection/projections/premises.py:noted_position": "a position in the log; shows no row",
    "mingjing_inspection/projections/complaint_words.py:candidates": "ids that narrow down a search within its scope",
    "mingjing_inspection/projections/complaints.py:saying": "the same, for tracks",
    "mingjing_inspection/projections/track_message.py:names_of": "names of institutions, which are public",
    "mingjing_inspection/projections/track_message.py:heads_of": "of tracks that the list has asked for",
    "mingjing_inspection/projections/track_message.py:message_of": "of a track that the route has asked for",
    "mingjing_inspection/projections/complaint_voices.py:voice_found": "which complaint a secret is of; shows no row",
    **dict.fromkeys(
        (
            "mingjing_inspection/projections/geo_report.py:one_request",
            "mingjing_inspection/projections/geo_report.py:requests_between",
        ),
        "numbers, days, kinds and states for everybody; nothing that was said, and nothing of a kind with few",
    ),
    "mingjing_inspection/projections/supervision_phones.py:published_phones": "published by law; numbers of offices",
    "mingjing_inspection/projections/premises.py:all_known": "names for matching complaints; shown to nobody",
    "mingjing_funds/projections/ratings.py:summed_of": "sums of one institution for everybody; the route hides few",
    "mingjing_funds/projections/accounts.py:_open": "for the custodian of a licence; shows no row",
    "mingjing_funds/projections/custodians.py:beside_custody": "a condition on accounts that the scope was asked about",
    "mingjing_funds/projections/custodians.py:emptied": "of accounts that its caller may act on; shows a number",
    "mingjing_funds/projections/accounts.py:_of": "which accounts a message concerns; shows no row",
    "mingjing_registry/projections/mirror.py:barred": "whether one person may be hired; its caller asks for the act",
    "mingjing_registry/projections/mirror.py:dishonest": "by the code of one institution that the route has asked for",
    "mingjing_registry/projections/mirror.py:is_mirrored": "whether a list was ever taken over; shows no row",
    "mingjing_registry/projections/moved_codes.py:leads_of": "to whom a code leads; shows no row",
    "mingjing_registry/projections/code_lookups.py:awaiting_code": "ids and names for taking lists in; shown to nobody",
    "mingjing_registry/projections/code_lookups.py:registered_codes": "whether codes are known; shows no row",
    "mingjing_registry/projections/code_lookups.py:code_of": "the published code of a published name",
    "mingjing_registry/projections/code_lookups.py:applicants_called": "ids for registering; the route tells one only",
    "mingjing_registry/projections/number_holders.py:_held": "whose a published number is, told to who states it",
    "mingjing_registry/projections/staff.py:counts_of": "counts of one institution that the route has asked for",
    "mingjing_registry/projections/staff.py:sessions_of": "what one institution stated; the route has asked for it",
    "mingjing_registry/projections/staff_checks.py:barred_among": "whether people may be hired; shows no row",
    "mingjing_registry/projections/staff_checks.py:teaching_among": "who of them teaches at a school; told to nobody",
    "mingjing_registry/projections/staff_checks.py:employed_among": "whether a record exists at the same institution",
    "mingjing_registry/projections/staff_checks.py:newly_barred": "ids for the check of everybody; shows no row",
    "mingjing_registry/projections/staff_checks.py:no_longer_barred": "ids for the check of everybody; shows no row",
    "mingjing_registry/projections/staff_checks.py:newly_likely": "ids for the check of everybody; shows no row",
    "mingjing_registry/projections/staff_checks.py:newly_suspected": "ids for the check of everybody; shows no row",
    "mingjing_registry/projections/staff_checks.py:newly_alike_barred": "ids for the check of everybody; shows no row",
    "mingjing_registry/projections/staff_checks.py:alike_barred": "whether one person may be meant; the caller asks",
    "mingjing_registry/projections/staff_checks.py:recorded_among": "ids of records for taking a list in; no row",
    "mingjing_registry/projections/staff_elsewhere.py:records_elsewhere": "ids; the list asks its scope what to show",
    "mingjing_registry/projections/names.py:meant_by_each": "ids for taking a list in; shows no row",
    "mingjing_registry/projections/schools.py:schools_named": "ids for taking a roster in; shows no row",
    "mingjing_funds/projections/prepaid.py:contracts_behind": "counts for the day's own statement; shows no row",
    "mingjing_funds/projections/prepaid.py:last_stated": "whether a statement is news; shows no row",
    "mingjing_registry/projections/prepaid_amounts.py:amounts_at": "joined to lines that the scope was asked about",
    "mingjing_registry/projections/ledger_figures.py:staff_counts": "joined to lines that the scope was asked about",
    "mingjing_registry/projections/survey_counts.py:surveyed": "joined to lines that the scope was asked about",
    "mingjing_registry/projections/ledger_lines.py:_addresses": "joined to lines that the scope was asked about",
    "mingjing_registry/projections/ledger_lines.py:_joined": "a list within a line that the scope was asked about",
    "mingjing_registry/projections/mirror.py:live_entries": "ids of a source's entries for taking its list over",
    "mingjing_registry/projections/likenesses.py:open_about": "ids for the comparison itself; shown to nobody",
    "mingjing_registry/projections/dossiers.py:modes_of": "how one institution teaches; the route has asked for it",
    "mingjing_registry/projections/liability_questions.py:unasked": "ids for the day's questions; shown to nobody",
    "mingjing_registry/projections/reduction.py:_earlier": "joined to lines that the scope was asked about",
    "mingjing_registry/projections/foreign_staff.py:foreigners_by_institution": "counts for its own record; no row",
    "mingjing_registry/projections/foreign_staff.py:breaches_by_institution": "counts for its own record; no row",
    "mingjing_registry/projections/summaries.py:everybody": "ids for counting anew; shown to nobody",
    "mingjing_registry/projections/summaries.py:changed": "the same",
    "mingjing_registry/projections/summaries.py:summed": "counts for the institutions' own records; shows no row",
    "mingjing_registry/projections/summaries.py:_staff": "the same",
    "mingjing_registry/projections/summaries.py:_filings": "the same",
    "mingjing_registry/projections/search_terms.py:candidates": "ids that narrow down a search within its scope",
    "mingjing_registry/projections/list_feed.py:_removals_owed": "a count of a row that the scope was asked about",
    "mingjing_registry/projections/traits.py:changed_after": "what the comparison reads; shown to nobody",
    "mingjing_funds/projections/breaks.py:open_breaks": "ids for the nightly reconciliation; shows no row",
    "mingjing_funds/projections/payment_orders.py:batches_of": "the number of a bank's next batch; shows no row",
    "mingjing_funds/projections/payment_orders.py:running_batches": "what a hold stops; shows no row",
    "mingjing_funds/projections/refund_requests.py:contracts_with_payable": "a court's clock asks, nobody else",
    "mingjing_funds/projections/refund_requests.py:carried_out": "what the service notes by itself, nobody else asks",
    "mingjing_funds/projections/refund_requests.py:came_back": "what the service notes by itself, nobody else asks",
    "mingjing_funds/projections/refund_requests.py:frozen_accounts": "a court's clock asks, nobody else",
    "mingjing_funds/projections/contracts.py:has_contracts": "yes or no of an account; its caller may see the account",
    "mingjing_funds/projections/contracts.py:contracts_with": "ids of an account that its caller may act on",
    "mingjing_funds/projections/expectations.py:with_reversed_payments": "the day's duty and each batch ask",
    "mingjing_funds/projections/refund_lists.py:open_list_of": "one id of an account; its caller may see the account",
    "mingjing_funds/projections/refund_lists.py:promised_beside": "what an account has promised; its caller may see it",
    "mingjing_funds/projections/payment_orders.py:standing_of": "how far an instruction has come; shows no row",
    "mingjing_funds/projections/sides.py:looked_at": "what the nightly reconciliation reads; shown to nobody",
    "mingjing_funds/projections/sides.py:balances_at": "the same",
    "mingjing_funds/projections/sides.py:_open_expectations": "the same",
    "mingjing_funds/projections/sides.py:_unexplained": "the same",
    "mingjing_funds/projections/sides.py:_gaps": "the same",
    "mingjing_funds/projections/sides.py:_fed_until": "the same",
    "mingjing_inspection/projections/findings.py:hour_clocks": "clocks for the duty of findings; shown to nobody",
    "mingjing_inspection/projections/findings.py:closed_between": "ids for a draw by lot; no row",
    "mingjing_inspection/projections/complaint_groups.py:disputed": "whom X8 looks at; shown to nobody",
    "mingjing_inspection/projections/complaint_groups.py:disputes_about": "what X8 counts; shown to nobody",
    "mingjing_inspection/projections/complainant_counts.py:complained_of": "what the duty counts; shown to nobody",
    "mingjing_inspection/projections/complainant_counts.py:papers_about": "what the duty counts; shown to nobody",
    "mingjing_inspection/projections/complaint_groups.py:complaints_of": "of members of a group that the asker sees",
    "mingjing_inspection/projections/complaint_groups.py:groups_of": "what the duty of groups knows; shown to nobody",
    "mingjing_inspection/projections/complaint_tracks.py:tracks_of": "of complaints that the asker has a right to",
    "mingjing_inspection/projections/complaint_tracks.py:merged_and_over": "for the duty of tracks; shown to nobody",
    "mingjing_inspection/projections/track_clocks.py:hour_clocks": "clocks for the duty of tracks; shown to nobody",
    "mingjing_inspection/projections/track_openings.py:openings_due": "what the duty does next; shown to nobody",
    "mingjing_inspection/projections/visit_issues.py:issues_due": "what the duty does next; shown to nobody",
    "mingjing_inspection/projections/reactions.py:reactions_due": "what the duty does next; shown to nobody",
    "mingjing_inspection/projections/rectifications.py:rectifications_of_finding": "ids for the duty; shown to nobody",
    "mingjing_inspection/projections/bulletin.py:_counted": "takes the condition that its caller made of the scope",
    "mingjing_inspection/projections/operations.py:counted": "sums within a row that the scope was asked about",
    "mingjing_inspection/projections/evidence.py:operation_ended": "for the sweep of evidence; shown to nobody",
    "mingjing_inspection/projections/evidence.py:finding_ended": "the same",
    "mingjing_inspection/projections/evidence.py:rectification_ended": "the same",
    "mingjing_inspection/projections/totals.py:_count": "counts a list that its caller has scoped",
}
"""Look-ups of the system, each with the reason why nobody sees through it what is not theirs."""


def readers() -> list[Path]:
    """Where questions are put to read models."""
    return [path for path in modules("projections", "api") if "services" in path.relative_to(CLONE).parts]


def functions(node: ast.AST, around: tuple[Function, ...] = ()) -> Iterator[tuple[Function, tuple[Function, ...]]]:
    """Every function with those around it, whose arguments it can use, too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child, around
            yield from functions(child, (*around, child))
        else:
            yield from functions(child, around)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function itself, not in the functions within."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, Function):
            yield child
            yield from own_nodes(child)


def selects(function: Function) -> bool:
    """Whether the function builds a query of its own."""
    calls = (node.func for node in own_nodes(function) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == "select" for called in calls)


def scopes(function: Function) -> set[str]:
    """The names of its arguments that are scopes."""
    arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return {one.arg for one in arguments if isinstance(one.annotation, ast.Name) and one.annotation.id == "Scope"}


def is_scoped(function: Function, around: tuple[Function, ...]) -> bool:
    """Whether a scope is at hand and asked."""
    at_hand = set().union(*(scopes(one) for one in (function, *around)))
    used = {node.id for node in own_nodes(function) if isinstance(node, ast.Name)}
    return bool(at_hand & used)


def named(path: Path, function: Function) -> str:
    return f"{'/'.join(path.relative_to(CLONE).parts[2:])}:{function.name}"


def questions() -> Iterator[tuple[str, str, bool]]:
    """Name, place and whether scoped, of every function that builds a query."""
    for path in readers():
        for function, around in functions(tree(path)):
            if selects(function):
                yield named(path, function), place(path, function), is_scoped(function, around)


def test_whoever_reads_a_read_model_says_for_whom() -> None:
    assert [where for name, where, scoped in questions() if not scoped and name not in LOOK_UPS] == []


def test_every_named_look_up_exists() -> None:
    assert set(LOOK_UPS) <= {name for name, _, _ in questions()}


def test_the_sieve_catches_what_it_should() -> None:
    code = """
def open_to_all(connection): return select(rows)
def unasked(scope: Scope): return select(rows)
def asked(scope: Scope): return select(rows).where(scope.where(region=rows.region))
def around(scope: Scope):
    def inner(): return select(rows).where(scope.where(region=rows.region))
"""
    found = {one.name: is_scoped(one, around) for one, around in functions(ast.parse(code)) if selects(one)}
    assert found == {"open_to_all": False, "unasked": False, "asked": True, "inner": True}
