"""From a spreadsheet's bytes to rows that the register can take. Pure: bytes in, values out."""
