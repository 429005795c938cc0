"""Tests of the charts without a cluster: rendered with Helm, checked against schemas and rules."""
