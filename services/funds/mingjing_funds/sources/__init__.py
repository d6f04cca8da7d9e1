"""Files as banks and vendors export them: bytes in, rows and kept-aside rows out. Pure."""
