"""Which letters make a Vietnamese syllable: onset × rime × tone.

The parts and the rules by which they combine are those of Vietnamese orthography (Thompson, *A Vietnamese Reference
Grammar*, chapter 2; Đoàn Thiện Thuật, *Ngữ âm tiếng Việt*): c, g, ng stand before a, o, u and their kin, where k, gh,
ngh stand before e, ê, i, y; qu and gi are onsets; a rime that ends in a stop (c, ch, p, t) has only the tones sắc and
nặng. The product is larger than the language: it also holds syllables that no word uses.

`place_tone` puts a tone mark where the reformed spelling has it (hoà, khoẻ, thuý), which is where `fold` puts every other.
"""

from functools import lru_cache
from typing import Final

from .alphabet import TONED, VOWELS, bare, tone_of, untone

_ONSETS: Final = ("", *"b ch d đ h kh l m n nh p ph r s t th tr v x".split())
_BACK_ONSETS: Final = ("c", "g", "ng")
_FRONT_ONSETS: Final = ("k", "gh", "ngh")

_FRONT_RIMES: Final = (
    "e ec em en eng enh eo ep et ê êc êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "y yêc yêm yên yêng yêp yêt yêu"
).split()
_BACK_RIMES: Final = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oc oe oem oen oeo oep oet oi om on ong ooc oong op ot "
    "ô ôc ôi ôm ôn ông ôp ôt ơ ơc ơi ơm ơn ơng ơp ơt ơu "
    "u ua uac uach uai uam uan uang uanh uap uat uay uăc uăm uăn uăng uăp uăt uâc uâm uân uâng uâp uât uâu uây "
    "uc ue uem uen ueo uep uet uê uêch uêm uên uênh uêp uêt uêu ui um un ung uoc uôc uôi uôm uôn uông uôp uôt "
    "uơ uơc uơi uơm uơn uơng uơp uơt uơu up ut uy uya uych uym uyn uynh uyp uyt uyu uyêc uyêm uyên uyêng uyêp uyêt uyêu "
    "ư ưa ưc ưi ưm ưn ưng ưp ưt ưu ươc ươi ươm ươn ương ươp ươt ươu"
).split()
_VOWELS: Final = frozenset(VOWELS)
RIME_LETTERS: Final = frozenset("".join(_BACK_RIMES)) | {letter for letters in TONED.values() for letter in letters}
"""What can stand behind an onset."""
_ON_THE_SECOND: Final = ("oa", "oe", "uy", "ue")  # of two open vowels the tone goes to the second
_AFTER_QU: Final = ("ych", "ynh", "yt")  # quých, quỳnh, quýt
_AFTER_G: Final = ("i", "im", "in", "ip", "iêc", "iêm", "iêng", "iêt")  # gì, gìn, giếng: the i of gi is the rime's own


def _bases() -> frozenset[str]:
    rimes = _BACK_RIMES + _FRONT_RIMES
    return frozenset(
        [onset + rime for onset in _ONSETS for rime in rimes]
        + [onset + rime for onset in _BACK_ONSETS for rime in _BACK_RIMES]
        + [onset + rime for onset in _FRONT_ONSETS for rime in _FRONT_RIMES]
        + ["gi" + rime for rime in rimes if rime[0] != "i"]
        + ["qu" + rime for rime in (*rimes, *_AFTER_QU) if rime[0] not in "ou"]
        + ["g" + rime for rime in _AFTER_G]
    )


BASES: Final = _bases()
"""Every syllable without its tone mark."""

BARE_BASES: Final = frozenset(map(bare, BASES))
"""Every syllable as it is typed without any diacritics."""


@lru_cache(maxsize=1 << 15)
def is_syllable(token: str) -> bool:
    """Is lower-case, precomposed `token` one written Vietnamese syllable, its diacritics as they should be?

    >>> is_syllable("nghiêng"), is_syllable("đit"), is_syllable("dit"), is_syllable("ngiêng")
    (True, False, False, False)
    """
    if len(token) > 7:  # "nghiêng" is the longest
        return False
    base = untone(token)
    if base not in BASES:
        return False
    tones = [tone_of(letter) for letter in token if not letter.isascii()]
    marks = [tone for tone in tones if tone]
    if base.endswith(("c", "ch", "p", "t")):
        return len(marks) == 1 and marks[0] in (2, 5)
    return len(marks) <= 1


def place_tone(base: str, tone: int) -> str:
    """The syllable `base`, which has no tone mark, with the tone of this index in a row of `TONED`.

    >>> place_tone("hoa", 1), place_tone("quyên", 5), place_tone("gia", 2), place_tone("mưa", 2), place_tone("gi", 1)
    ('hoà', 'quyện', 'giá', 'mứa', 'gì')
    """
    if not tone:
        return base
    onset = 2 if base.startswith("qu") or (base.startswith("gi") and base[2:3] in _VOWELS) else 0
    vowels = [i for i in range(onset, len(base)) if base[i] in _VOWELS]
    if not vowels:
        return base
    shaped = [i for i in vowels if not base[i].isascii()]
    if shaped:
        at = shaped[-1]
    elif len(vowels) == 1:
        at = vowels[0]
    elif vowels[-1] < len(base) - 1 or len(vowels) > 2 or base[vowels[0] :] in _ON_THE_SECOND:
        at = vowels[1]
    else:
        at = vowels[0]
    return base[:at] + TONED[base[at]][tone] + base[at + 1 :]
