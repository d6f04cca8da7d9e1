"""The command line: one file a command, zh first and en beside, never a traceback."""
