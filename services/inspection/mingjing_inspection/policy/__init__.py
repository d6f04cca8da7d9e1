"""What a policy may change in this service: rules with numbers."""
