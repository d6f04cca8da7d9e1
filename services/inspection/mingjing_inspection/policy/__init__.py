"""Rules with numbers of this service."""
