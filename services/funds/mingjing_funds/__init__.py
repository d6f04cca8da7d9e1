"""Funds: where the money is. Custody accounts, contracts, releases, refunds and alerts, to the fen."""
