"""The all-in-one: the command line, embedded servers, all services on one machine, the sample county."""
