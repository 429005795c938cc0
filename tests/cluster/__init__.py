"""Tests on a real Kubernetes cluster: images from our Dockerfiles, our charts, an ingress, and life under load."""
