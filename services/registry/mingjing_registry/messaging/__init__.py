"""Contracts in, contracts out."""
