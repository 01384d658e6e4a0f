"""What a text looks like as a whole: its length, its capitals, its emoji; measured only where a condition asks."""

from __future__ import annotations

from collections.abc import Sequence

from contentfilter.normalize.syllables import is_syllable


class Shape:
    """A text and its tokens as written, each measure taken when asked."""

    def __init__(self, text: str, tokens: Sequence[str]) -> None:
        self._text = text
        self._tokens = tokens

    def measure(self, kind: str) -> float:
        """A count, or a share in [0, 1] that is 0 where there is nothing to share; kinds are those of the pack format."""
        return float(getattr(self, kind)())

    def characters(self) -> int:
        """Code points."""
        return len(self._text)

    def syllables(self) -> int:
        """Tokens with letters or digits, and entities."""
        return sum(token[-1].isalnum() or token[-1] == ">" for token in self._tokens)

    def capitals(self) -> float:
        """The share of capitals among letters."""
        letters = [character for character in self._text if character.isalpha()]
        return _share(sum(map(str.isupper, letters)), len(letters))

    def emoji(self) -> float:
        """The share of emoji among the characters a reader sees."""
        import regex  # takes a tenth of the package's import

        seen = regex.findall(r"\X", "".join(self._text.split()))
        pictures = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}").match
        return _share(sum(pictures(grapheme) is not None for grapheme in seen), len(seen))

    def strange(self) -> float:
        """The share of words of letters that are no syllables."""
        words = [token for token in self._tokens if token.isalpha()]
        return _share(sum(not is_syllable(word) for word in words), len(words))

    def repeated_lines(self) -> float:
        """The share of lines that stood there before, empty ones apart."""
        lines = [" ".join(line.casefold().split()) for line in self._text.split("\n")]
        full = [line for line in lines if line]
        return _share(len(full) - len(set(full)), len(full))

    def links(self) -> int:
        """Links and domains."""
        return list(self._tokens).count("<url>")

    def phones(self) -> int:
        """Phone numbers."""
        return list(self._tokens).count("<phone>")


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0
