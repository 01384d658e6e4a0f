"""What may be a part of a word or a number that was written with spaces in it."""

from typing import Final

from .entities import UNITS, is_part_of_plate

_WITHOUT_SEPARATORS: Final = str.maketrans("", "", ".-()+,")


def is_letter_fragment(plain: str) -> bool:
    """One letter, alone or with a separator, a lone separator, or nothing, as of a lone tone mark; ":))" is none."""
    if len(plain) > 6:
        return False
    letter = plain.strip(".-_*,/|+~!?…\"'“”()[]")
    return (letter.isalpha() and len(letter) == 1) or (not letter and len(plain) <= 1)


def is_digit_fragment(plain: str) -> bool:
    """A group of digits, a unit after one, a half of a plate, or a lone separator."""
    if plain.isalpha():
        return plain in UNITS  # most chunks
    if plain.translate(_WITHOUT_SEPARATORS).isdigit() or plain in UNITS or (len(plain) == 1 and plain in ".-()"):
        return True
    return 3 <= len(plain) <= 6 and is_part_of_plate(plain) is not None
