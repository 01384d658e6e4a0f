"""A filter that follows its files: a new one takes the old one's place when packs or overlays change."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Final

from contentfilter.arguments import paths_of
from contentfilter.errors import ContentFilterError
from contentfilter.explain import Language
from contentfilter.filter import ContentFilter
from contentfilter.result import Result

_log = logging.getLogger(__name__)
_REFUSED: Final[dict[Language, str]] = {"vi": "vẫn dùng quy tắc cũ", "en": "the old rules stay in force"}


class Reloading:
    """Holds a filter of packs and overlays, and builds another when one of the files has changed.

    The new filter takes over at once for every call that begins afterwards; calls under way end with the old one. Where a file is broken
    or gone the old filter stays, `error` says why, and `tell` is called with the same words (by default they are logged as a warning),
    in Vietnamese where `lang` is "vi".
    Raises what `ContentFilter` raises where the first one can't be built.

    Files are looked at when `reload` is called, and every `seconds` between `with` and its end:

        with Reloading(packs=["game.yaml"], seconds=5) as current:
            current.filter.classify(text)
    """

    def __init__(
        self,
        packs: Iterable[str | Path] = (),
        overlays: Iterable[str | Path] = (),
        policy: str = "default",
        model: str | Path | None = None,
        seconds: float = 2.0,
        tell: Callable[[str], None] = _log.warning,
        lang: Language = "en",
    ) -> None:
        if not seconds > 0:
            raise ValueError(f"seconds={seconds}: expected more than 0")
        self._packs, self._overlays = paths_of("packs", packs), paths_of("overlays", overlays)
        self._policy, self._model = policy, model
        self._seconds = seconds
        self._tell, self._lang = tell, lang
        self._building = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen = self._look()
        self.filter = self._build()
        """The filter in force."""
        self.error = ""
        """Why the files as they are now are not in force; "" where they are."""

    def classify(self, text: str) -> Result:
        """Judge one text with the filter in force."""
        return self.filter.classify(text)

    def classify_batch(self, texts: Iterable[str]) -> list[Result]:
        """Judge texts, all with the filter in force when the call begins."""
        return self.filter.classify_batch(texts)

    def reload(self) -> bool:
        """Look at the files; where they have changed, build a filter and put it in force. Tells whether that was done.

        Broken files are told once, not again until they change.
        """
        with self._building:
            now = self._look()
            if now == self._seen:
                return False
            self._seen = now
            try:
                built = self._build()
            except (ContentFilterError, OSError) as error:
                self._refuse(str(error))
                return False
            self.filter, self.error = built, ""
            return True

    def _refuse(self, why: str) -> None:
        """Keep the filter in force, and say why."""
        if self._lang == "vi":
            from contentfilter.rules.vietnamese import in_vietnamese

            why = "\n".join(map(in_vietnamese, why.split("\n")))
        self.error = f"{_REFUSED[self._lang]}: {why}"
        self._tell(self.error)

    def _build(self) -> ContentFilter:
        return ContentFilter(self._policy, self._packs, self._model, self._overlays)

    def _look(self) -> tuple[str, ...]:
        """What each file holds, as a digest; "" for one that can't be read. Term files of packs count too."""
        paths = {path for one in (*self._packs, *self._overlays) for path in (one, *one.parent.glob("**/*.txt"))}
        return tuple(_digest(path) for path in sorted(paths))

    def __enter__(self) -> Reloading:
        self._ended.clear()
        self._thread = threading.Thread(target=self._watch, name="contentfilter reload", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self.reload()
            except Exception as error:  # the watch goes on: the next version may be right
                self._refuse(f"{type(error).__name__}: {error}")


def _digest(path: Path) -> str:
    try:
        return f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError:
        return ""
