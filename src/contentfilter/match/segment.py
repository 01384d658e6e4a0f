"""Vietnamese word segmentation, on a few syllables at a time.

The conditional random field is underthesea's, asked through its compiled core: `import underthesea` takes half a second
and brings an HTTP client and a model hub with it, none of which a segmentation needs. A test holds that the answers are
those of `underthesea.word_tokenize`.
"""

from __future__ import annotations

import pickle
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from contentfilter.errors import ContentFilterError

_MODEL: Final = Path("pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727")


def model_folder() -> Path:
    """Where underthesea keeps its segmentation model and dictionary. Raises `ContentFilterError` where it does not."""
    package = find_spec("underthesea")
    folder = Path((package.submodule_search_locations or [""])[0]) / _MODEL if package else _MODEL
    if not (folder / "models.bin").is_file():
        raise ContentFilterError(f"{folder}: underthesea's segmentation model is not there; install underthesea 9")
    return folder


@cache
def _tagger() -> tuple[Any, Any]:
    from underthesea_core import CRFFeaturizer, CRFTagger

    folder = model_folder()
    tagger = CRFTagger()
    tagger.load(str(folder / "models.bin"))
    # The feature templates and the dictionary are a pickled list and set, part of the installed package like its code.
    templates = pickle.loads((folder / "features.bin").read_bytes())
    dictionary = pickle.loads((folder / "dictionary.bin").read_bytes())
    return CRFFeaturizer(templates, dictionary), tagger


@lru_cache(maxsize=1 << 14)
def word_starts(syllables: tuple[str, ...]) -> tuple[bool, ...]:
    """Which syllables begin a word.

    >>> word_starts(("một", "số", "đề", "xuất"))
    (True, False, True, False)
    """
    featurizer, tagger = _tagger()
    readable = [syllable.encode("utf-8", "replace").decode() for syllable in syllables]  # no lone surrogates in the core
    tags = tagger.tag(featurizer.process([[[syllable] for syllable in readable]])[0])
    return tuple(i == 0 or tag != "I-W" for i, tag in enumerate(tags))
