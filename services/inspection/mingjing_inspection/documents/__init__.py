"""Documents (公文): notices as PDF, made from facts in the log and from nothing else."""
