"""A county's files, day by day through the pure domain, without servers: what would have been told, and when."""
