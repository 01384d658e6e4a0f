"""Which letters make a Vietnamese syllable: onset × rime × tone.

The parts and the rules by which they combine are those of Vietnamese orthography (Thompson, *A Vietnamese Reference
Grammar*, chapter 2; Đoàn Thiện Thuật, *Ngữ âm tiếng Việt*): c, g, ng stand before a, o, u and their kin, where k, gh,
ngh stand before e, ê, i, y; qu and gi are onsets; a rime that ends in a stop (c, ch, p, t) has only the tones sắc and
nặng. The product is larger than the language: it also holds syllables that no word uses.
"""

from functools import lru_cache

from .alphabet import bare, tone_of, untone

_ONSETS = "b ch d đ h kh l m n nh p ph r s t th tr v x".split()
_BACK_ONSETS = ("c", "g", "ng")
_FRONT_ONSETS = ("k", "gh", "ngh")

_FRONT_RIMES = (
    "e ec em en eng enh eo ep et ê êc êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y"
).split()
_BACK_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oc oe oem oen oeo oep oet oi om on "
    "ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt ơu "
    "u ua uâc uâm uân uâng uât uâu uây uc ui um un ung uôc uôi uôm uôn uông uôt up ut uy uych uyn uynh uyp uyt uyu uya "
    "uyên uyêt uê uêch uênh uên uêt uơ uơn ư ưa ưc ưi ưm ưn ưng ưp ưt ưu ươc ươi ươm ươn ương ươp ươt ươu"
).split()
_BARE_ONLY_RIMES = "yêm yên yêng yêt yêu".split()
_QU_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng ât âu ây e en eo et ê êch ên ênh êt êu "
    "i ia ich in inh it iu ôc y ych ynh yt yên yêt ơ ơi ơn ơt"
).split()


def _bases() -> frozenset[str]:
    rimes = _BACK_RIMES + _FRONT_RIMES
    bases = {onset + rime for onset in ("", *_ONSETS) for rime in rimes}
    bases |= {onset + rime for onset in _BACK_ONSETS for rime in _BACK_RIMES}
    bases |= {onset + rime for onset in _FRONT_ONSETS for rime in _FRONT_RIMES}
    bases |= {"qu" + rime for rime in _QU_RIMES}
    bases |= {"gi" + rime for rime in rimes if rime[0] not in "iy"} | {"gi", "gin", "gim", "gip", "giêc", "giêm", "giêng", "giêt"}
    bases |= set(_BARE_ONLY_RIMES)
    return frozenset(bases)


BASES = _bases()
"""Every syllable without its tone mark."""

BARE_BASES = frozenset(map(bare, BASES))
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
    tones = [tone for tone in map(tone_of, token) if tone]
    if base.endswith(("c", "ch", "p", "t")):
        return len(tones) == 1 and tones[0] in (2, 5)
    return len(tones) <= 1
