"""What the console tells the others."""
