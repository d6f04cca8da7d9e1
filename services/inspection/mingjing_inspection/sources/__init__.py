"""Files that hotlines and platforms export: bytes in; commands and kept-aside rows out. Pure, no clock."""
