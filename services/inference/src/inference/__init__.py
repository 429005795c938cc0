"""Inference: judges readings, over HTTP (serve role) and from topic to topic (stream role). Keeps no state."""
