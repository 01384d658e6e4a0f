"""What all tests share: one default filter, and properties without a deadline (machines differ, answers don't)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from contentfilter import ContentFilter
from contentfilter.filter import default_filter

settings.register_profile("contentfilter", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("contentfilter")


@pytest.fixture(scope="session")
def shipped() -> ContentFilter:
    """The filter behind `contentfilter.classify`, warm from whatever ran before: no answer may depend on that."""
    return default_filter()
