"""From rows of files to commands on streams. Pure: what is known already arrives as a directory."""
