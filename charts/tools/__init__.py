"""What the charts are made and checked with: image locks, the values table, pinned chart tools."""
