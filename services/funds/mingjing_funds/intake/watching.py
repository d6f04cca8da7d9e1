"""Asking the alert rules about accounts: F01 to F37, by the numbers in force for each account's region and category.

The one rule: what a rule looked at is stored with what it said. Only what changes an alert is a fact, beside each
evaluation of the two rules about the balance; what the others saw on a quiet day follows from the log again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from mingjing_funds.codec import WATCHES
from mingjing_funds.domain.alert import Evaluated
from mingjing_funds.domain.alert import Features as BalanceSeen
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, NAMES, evaluate, version_of
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding, fires
from mingjing_funds.domain.alerting.life_facts import Measure, Observe, Said
from mingjing_funds.domain.alerting.persisting import Silence
from mingjing_funds.domain.alerting.rules_custody import in_transit_fen
from mingjing_funds.domain.alerting.state import WINDOW_DAYS
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.domain.alerting.times import Times
from mingjing_funds.intake.memory import SILENT_DAYS_MAX, Memory, Seen, fired_before
from mingjing_funds.intake.works import made
from mingjing_funds.policy.alert_silence import ALERT_CLEARING, ALERT_SILENCE, silence_of
from mingjing_funds.policy.alert_thresholds import RULES, Sizes, in_force, sized
from mingjing_funds.policy.alert_times import ALERT_TIMES, times_of
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Work
from mingjing_kernel.policy import POLICY, Policy, Rule, policy_id
from mingjing_kernel.policy import in_force as numbers_in_force

ON_RECORD: Final = frozenset({"F01", "F02"})
EMPTIED_ON_PURPOSE: Final = frozenset({"F01"})
"""Rules that have nothing to say of an account that is being closed, or whose balance went to another bank."""
WITHOUT_CONTRACTS: Final = frozenset({"F16", "F17", "F36", "F37"})
"""Rules that compare with former weeks: where all contracts went to another bank, they cannot tell, neither here nor
there; what one has told before goes on standing."""
ABOUT_PEOPLE: Final = frozenset({"F24", "F25", "F26", "F27", "F28", "F29", "F30", "F34", "F35"})
"""Rules that hear courts, families, patrols and the registry, and weigh no books: they are asked even where the bank
is long silent."""
BANK_SILENT: Final = (
    f"该行超过{SILENT_DAYS_MAX}天没有送来流水，涉及资金的规则不予评估；关于投诉、巡查、登记和冻结的规则照常评估。",
    f"The bank has said nothing for more than {SILENT_DAYS_MAX} days: rules about money are not asked; those about "
    "complaints, patrols, the registry and freezes are.",
)
CLOSING: Final = (
    "账户正在销户或已销户，本规则不再评估。",
    "The account is being closed or is closed; the rule says nothing.",
)
HANDED_OVER: Final = (
    "余额已转入新的托管银行，本规则改看新账户，对此户不再评估。",
    "The balance has gone to another bank: the rule looks at the account there, and says nothing of this one.",
)
CARRIED: Final = (
    f"合同已全部移交新的托管银行。本规则须与此前各周对比，移交后{WINDOW_DAYS}天内在新账户也无从判断；"
    "此户已有的预警不会自行解除，由人处置。",
    "All contracts have gone to another bank. The rule compares with former weeks, and cannot tell at the account "
    f"there either for {WINDOW_DAYS} days; an alert that stands here does not end by itself, a person ends it.",
)
Place: TypeAlias = tuple[str, str]
InForce: TypeAlias = Mapping[Place, tuple[Thresholds, Sizes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many answers were had, of how many accounts, and what is to be decided because of them."""

    accounts: int
    answers: int
    works: list[Work]


async def thresholds(log: Log, places: Collection[Place], day: date, to: int | None = None) -> InForce:
    """The numbers in force on a day, by region and category; with ``to``, as was decided up to that position."""
    found: dict[Place, tuple[Thresholds, Sizes]] = {}
    decided = {rule: await _decided(log, rule, to) for rule in RULES}
    for region, category in places:
        told = {rule.name: policy.on(rule, day, region, category) for rule, policy in decided.items()}
        version = "+".join(sorted({one.version for one in told.values()}))
        found[region, category] = in_force({name: one.values for name, one in told.items()}, version)
    return found


async def _decided(log: Log, rule: Rule, to: int | None) -> Policy:
    policy: Policy
    if to is None:
        policy = (await log.state(POLICY, policy_id(rule)))[0]
    else:
        policy = POLICY.decider.fold(fact.event for fact in await log.history(POLICY, policy_id(rule), to))
    return policy


async def asked(memory: Memory, log: Log, accounts: Collection[UUID], day: date, written: Envelope) -> Asked:
    """What every rule says of each account on a day. From one that cannot tell nothing follows: an alert that stands
    goes on standing, for nobody has seen that it is over.
    """
    free = memory.free()
    seen = [one for id in sorted(accounts) if (one := memory.seen(id, day, free)) is not None]
    places = {_place(one) for one in seen}
    numbers, times = await thresholds(log, places, day), await _times(log, places, day)
    works: list[Work] = []
    answers = 0
    for one in seen:
        t, found = answers_of(one, *numbers[_place(one)])
        answers += len(found)
        works += [
            made(
                WATCHES,
                watch_id(rule, one.subject.account_id),
                _observe(rule, finding, one, t, times[_place(one)]),
                written,
            )
            for rule, finding in found.items()
            if not finding.is_unknown and (finding.severity is not None or rule in ON_RECORD or rule in one.fired)
        ]
        works += _over(one, t, times[_place(one)], written)
    return Asked(len(seen), answers, works)


def answers_of(seen: Seen, large: Thresholds, sizes: Sizes) -> tuple[Thresholds, dict[str, Finding]]:
    """What each rule says, and by which numbers; ``large`` are those for a large institution."""
    facts = seen.features
    t = sized(large, facts.peak_owed_fen, sizes)
    before = fired_before(seen.fired, facts.day)
    found = evaluate(facts, t, tuple(one for one in before if one.rule != COMPOSITE and one.days_ago < t.decay_days))
    silent = unasked(facts)
    return t, {rule: finding for rule, finding in found.items() if rule not in silent}


def unasked(facts: Features) -> Mapping[str, tuple[str, str]]:
    """Rules that are not asked of an account, and why. Where that is because its bank is silent, an alert that stands
    goes on standing: nobody has seen that it is over.
    """
    unheard = [rule for rule in NAMES if rule not in ABOUT_PEOPLE] if facts.is_bank_silent else []
    return {**dict.fromkeys(unheard, BANK_SILENT), **silent_rules(facts)}


def silent_rules(facts: Features) -> Mapping[str, tuple[str, str]]:
    """Rules that have nothing to say of an account that is being closed, or whose balance or contracts went to another
    bank; and why.
    """
    silent = dict[str, tuple[str, str]]()
    if facts.is_emptied or facts.is_closing or not facts.is_open:
        silent |= dict.fromkeys(EMPTIED_ON_PURPOSE, HANDED_OVER if facts.is_emptied else CLOSING)
    if facts.is_emptied and facts.owed_fen <= 0:
        silent |= dict.fromkeys(WITHOUT_CONTRACTS, CARRIED)
    return silent


def _over(seen: Seen, t: Thresholds, limits: Limits, written: Envelope) -> list[Work]:
    """What fired before the balance went away on purpose is seen quiet: else it would stand, and escalate, for ever.

    An alert about families stands: that their contracts are at another bank says nothing of whether it is over.
    """
    account_id, works = seen.subject.account_id, []
    for rule, why in sorted(silent_rules(seen.features).items()):
        if rule in EMPTIED_ON_PURPOSE and rule in seen.fired:
            quiet = replace(_observe(rule, _quiet(why), seen, t, limits), evaluated=None)
            works.append(made(WATCHES, watch_id(rule, account_id), quiet, written))
    return works


def _quiet(why: tuple[str, str]) -> Finding:
    return fires(None, 0, lambda: why)


def watch_id(rule: str, account_id: UUID) -> UUID:
    """The stream on which one rule watches one account."""
    return derived_id("funds-watch", rule, account_id)


def _place(seen: Seen) -> Place:
    return seen.subject.region, seen.subject.category


@dataclass(frozen=True, slots=True)
class Limits:
    """What an alert of a place is held to: its steps, a false alarm's silence, when it clears and is the same one."""

    times: Times
    silence: Silence
    quiet_days: int
    window_days: int


async def _times(log: Log, places: Collection[Place], day: date) -> dict[Place, Limits]:
    """The numbers in force, by region and category."""
    found = {}
    for place in places:
        times, silent, clearing = [
            await numbers_in_force(log, rule, day, *place) for rule in (ALERT_TIMES, ALERT_SILENCE, ALERT_CLEARING)
        ]
        found[place] = Limits(
            times=times_of(times.values, times.version),
            silence=silence_of(silent.values),
            quiet_days=clearing["quiet-days"],
            window_days=clearing["window-days"],
        )
    return found


def _observe(rule: str, finding: Finding, seen: Seen, t: Thresholds, limits: Limits) -> Observe:
    facts, severity = seen.features, finding.severity
    named = dict(finding.measures)
    balances = {
        "balance_fen": facts.balance_fen,
        "owed_fen": facts.owed_fen,
        "in_transit_fen": in_transit_fen(facts, t),
    }
    named |= {name: fen for name, fen in balances.items() if name not in named and fen is not None}
    said = Said(
        rule=rule,
        rule_version=version_of(rule),
        thresholds_version=t.version,
        day=facts.day,
        severity=severity,
        measures=tuple(Measure(name=name, value=value) for name, value in named.items()),
        threshold=finding.threshold,
        because_zh=finding.because.zh,
        because_en=finding.because.en,
    )
    return Observe(
        # A graver alert on the day on which a person closed the first one is a new alert.
        alert_id=derived_id("funds-alert", rule, seen.subject.account_id, facts.day, severity or ""),
        subject=seen.subject,
        said=said,
        evaluated=_on_record(said, seen, t) if rule in ON_RECORD else None,
        hysteresis_days=limits.quiet_days,
        window_days=limits.window_days,
        times=limits.times,
        silence=limits.silence,
    )


def _on_record(said: Said, seen: Seen, t: Thresholds) -> Evaluated | None:
    facts: Features = seen.features
    if facts.balance_fen is None:
        return None
    return Evaluated(
        subject=seen.subject,
        rule=said.rule,
        rule_version=said.rule_version,
        features=BalanceSeen(
            day=facts.day,
            balance_fen=facts.balance_fen,
            in_transit_fen=in_transit_fen(facts, t),
            unconsumed_fen=facts.owed_fen,
            agreed_minimum_fen=facts.agreed_minimum_fen,
            months_open=facts.months_open,
        ),
        severity=said.severity,
        threshold_fen=said.threshold,
    )
