"""The console's own addresses: access given, taken, lent, revoked."""
