"""Tests of compose.yaml on a real Docker engine, with images from our Dockerfiles."""
