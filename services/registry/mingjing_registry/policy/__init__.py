"""Rules with numbers of the registry: versions, each with its source."""
