"""Files on their way into the register."""
