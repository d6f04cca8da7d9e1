"""A county's files played day by day through the pure domain, without any server: what would have been told, and when."""
