"""Pro-rata shares (按比例清退): what each family gets when an account holds less than it owes.

The one rule: largest remainder. The shares add up to exactly what there is, none exceeds its claim, and each differs
from the exact proportion by less than one fen. Source: 民办教育促进法 art 59 (families first); domain formula
``refund_i = balance × u_i / U``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Claimant = TypeVar("Claimant")


def shares_fen(available_fen: int, claims_fen: Mapping[Claimant, int]) -> dict[Claimant, int]:
    """Each claimant's share in fen, in the order of the claims. Equal remainders: who stands first gets the fen.

    Whoever makes the claims decides their order, and the same order gives the same shares for ever.
    """
    if available_fen < 0 or any(claim < 0 for claim in claims_fen.values()):
        raise ValueError("neither what there is nor a claim may be negative")
    owed = sum(claims_fen.values())
    if available_fen >= owed:
        return dict(claims_fen)
    shares = {who: available_fen * claim // owed for who, claim in claims_fen.items()}
    rest = available_fen - sum(shares.values())
    by_remainder = sorted(claims_fen, key=lambda who: -(available_fen * claims_fen[who] % owed))  # stable
    for who in by_remainder[:rest]:
        shares[who] += 1
    return shares
