"""The services as separate processes behind an Nginx, as they run in a cluster."""
