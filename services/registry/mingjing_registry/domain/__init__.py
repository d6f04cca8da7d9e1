"""The registry's rules, facts and states. Pure: no clock, no randomness, no I/O."""
