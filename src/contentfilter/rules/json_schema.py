"""The pack format as JSON Schema, so that editors complete and check; generated from the format that the reader goes by."""

from __future__ import annotations

from .format import CONDITION, OVERLAY, PACK
from .kinds import Schema


def json_schema() -> Schema:
    """The schema of packs and overlays, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "contentfilter pack or overlay",
        "if": {"required": ["overlay"]},
        "then": OVERLAY.schema(),
        "else": PACK.schema(),
        "$defs": {CONDITION.name: CONDITION.kind.schema()},
    }
