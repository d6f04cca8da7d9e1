"""Read models of this service: one file a question, with its table, its fold and its query."""
