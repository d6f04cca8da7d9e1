"""What makes the log provable: signed checkpoints, witnesses, verification, proofs for outsiders."""
