"""PostgreSQL from the operating system's package, on a free port on loopback."""
