"""Access of one person: pure rules."""
