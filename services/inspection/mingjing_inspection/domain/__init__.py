"""Pure rules: visits, complaints, tasks and the premises they are about. No clock, no randomness, no I/O."""
