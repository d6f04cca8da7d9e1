"""Answers to questions: one file a question, each a pure fold of the log."""
