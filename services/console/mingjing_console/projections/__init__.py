"""Lists of the console's own facts."""
