"""The rules about money: pure deciders over frozen facts. No clock, no randomness, no I/O."""
