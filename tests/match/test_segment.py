"""Word borders are those of underthesea, though its package is never imported."""

from __future__ import annotations

import pytest
import texts

from contentfilter.match.segment import model_folder, word_starts

SENTENCES = texts.lines("sentences.txt")


def word_tokenize(sentence: str) -> list[str]:
    from underthesea import word_tokenize

    words: list[str] = word_tokenize(sentence)
    return words


def test_there_are_fifty_lower_case_sentences() -> None:
    assert len(SENTENCES) == len(set(SENTENCES)) == 50
    assert [sentence for sentence in SENTENCES if sentence != sentence.lower()] == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_same_words_as_underthesea(sentence: str) -> None:
    syllables = tuple(sentence.split())
    words: list[list[str]] = []
    for syllable, begins in zip(syllables, word_starts(syllables), strict=True):
        if begins:
            words.append([])
        words[-1].append(syllable)
    assert [" ".join(word) for word in words] == word_tokenize(sentence)


@pytest.mark.parametrize("syllables", [("ngu",), ("\ud800",), ("\0", "a"), ("<phone>", "."), ("a",) * 300])
def test_the_first_syllable_always_begins_a_word(syllables: tuple[str, ...]) -> None:
    starts = word_starts(syllables)
    assert len(starts) == len(syllables)
    assert starts[0]


def test_no_syllables() -> None:
    assert word_starts(()) == ()


def test_the_model_is_where_underthesea_keeps_it() -> None:
    assert (model_folder() / "models.bin").is_file()
