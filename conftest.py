"""Makes the fixtures on real servers known to every test tree, and sets how generated examples run."""

from hypothesis import settings

pytest_plugins = ["tools.testing"]

# A slow example on a busy machine is no fault; a blob makes a failing one repeatable.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
