"""One file a question: table, fold, query."""
