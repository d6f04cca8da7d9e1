"""Reference data that ships with the service; each file says where it comes from."""
