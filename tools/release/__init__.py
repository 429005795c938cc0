"""Makes the files of a release: packaged charts, one archive for hosts, checksums, the changelog."""
