"""Makes the fixtures on real servers known to every test tree, in services/ and models/ as in tests/."""

pytest_plugins = ["tools.testing"]
