"""Taking whole files in: many commands at once, each row answered for."""
