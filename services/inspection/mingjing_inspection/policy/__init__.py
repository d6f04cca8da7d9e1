"""Rules with numbers of the inspection service, and the values that the domain takes them as."""
