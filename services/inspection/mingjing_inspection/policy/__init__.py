"""Rules with numbers of the inspection service."""
