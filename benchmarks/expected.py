"""What each system says of each corpus, kept: a system that answers otherwise than before is not timed.

The file is a JSON object from "system / corpus" to an object of `digest`, over the corpus, the system's version and, for this library,
its model and rules, and of `counts`. Where the digest is another, the counts are recorded anew, and the benchmark says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from contentfilter.errors import ContentFilterError


class Expected:
    """The counts of a file, which need not be there; `recorded` names what was new or changed."""

    def __init__(self, path: Path, anew: bool = False) -> None:
        """With `anew` all counts are recorded again, as after a change of the code that was meant to change answers."""
        self._path = path
        self._anew = anew
        self._known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self.recorded: list[str] = []

    def check(self, name: str, digests: tuple[str, ...], counts: Mapping[str, int]) -> None:
        """Raise `ContentFilterError` where the counts under the same digests were others before."""
        digest = hashlib.sha256("\0".join(digests).encode()).hexdigest()
        before = self._known.get(name)
        found = {"digest": digest, "counts": dict(counts)}
        if before == found:
            return
        if before and before["digest"] == digest and not self._anew:
            raise ContentFilterError(
                f"{self._path}: {name}: found the counts {dict(counts)}, expected {before['counts']}; "
                "the texts, the model and the rules are the same, so the code answers otherwise: mend it, or record anew with --record"
            )
        self._known[name] = found
        self.recorded.append(name)

    def save(self) -> None:
        """Write the file, if anything was recorded."""
        if self.recorded:
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(self._known, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
            part.replace(self._path)
