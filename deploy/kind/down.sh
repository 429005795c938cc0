#!/usr/bin/env bash
# `make down`: remove the kind cluster with all that is in it.
set -euo pipefail
command -v kind >/dev/null || { echo "make down needs kind" >&2; exit 1; }
kind delete cluster --name predictive-maintenance
