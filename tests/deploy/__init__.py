"""Tests of everything that takes the platform to a host: the bootstrap of k3s, the module for AWS, the workflows."""
