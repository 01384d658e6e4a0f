"""What all tests share: one default filter, and properties without a deadline (machines differ, answers don't)."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from contentfilter import ContentFilter
from contentfilter.default import default_filter

# What decides a landing tries the same examples each time; at a desk every run looks for new ones.
settings.register_profile(
    "contentfilter",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,
)
settings.load_profile("contentfilter")


@pytest.fixture(scope="session")
def shipped() -> ContentFilter:
    """The filter behind `contentfilter.classify`, warm from whatever ran before: no answer may depend on that."""
    return default_filter()
