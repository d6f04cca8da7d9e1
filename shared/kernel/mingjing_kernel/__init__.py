"""Mechanics without a business word: log, projections, broker, http, identity."""
