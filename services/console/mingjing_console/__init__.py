"""Console: what people look at. It decides nothing and keeps nothing; it asks the other services on their behalf."""
