"""The worst input known for each stage, and its cost per character against plain text.

python benchmarks/worst.py [--output benchmarks/results/worst-DATE.json]

Every stage is given every hostile text below, each of about the same length, which takes some minutes; the table shows, for each stage,
the costliest three. What is remembered of earlier words, links and surroundings is forgotten before each measurement: an attacker's text
is new. For a worse input than those known, `python benchmarks/worst.py --search 600` changes chunks at random and keeps the costliest.
"""

from __future__ import annotations

import functools
import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import click

from contentfilter import ContentFilter, Result
from contentfilter.chunks import ChunkTable
from contentfilter.default import default_filter

LENGTH = 50_000
"""Characters of a text: half of what is judged at most, so that what grows with the square of a text shows."""
LIMIT = 20.0
"""How many times the cost of plain text a character may cost at most."""
PLAIN = Path(__file__).parents[1] / "tests" / "cases" / "clean.txt"
_TELLING = ("masked", "to_dict", "explain")
"""What nobody asks of a clean text: measured against what it costs to judge one."""
_LEAST = 1_000
"""Characters of different chunks from which the stages of new chunks are measured: a call has its own cost."""


def different(form: str) -> str:
    """The form again and again, with letters in the place of `{}` that make each chunk a new one."""
    letters = map("".join, product("bcdghklmnpqrstvx", repeat=4))
    return "".join(form.format(next(letters)) + " " for _ in range(LENGTH // len(form) + 1))[:LENGTH]


def again(unit: str) -> str:
    return (unit * (LENGTH // len(unit) + 1))[:LENGTH]


CROSSING = [f"{row} " for row in "cờ lờ xờ,cờ lờ đờ,số đề cử,có số đề,vé số đề,sĩ số đề,ôm đề cử,số đề án,dê cụ kị,ô đồ tộc".split(",")]
"""Terms and words of the dictionary across their borders, the shortest: for each a few syllables around it are cut into words."""


def different_numbers(below: int) -> list[int]:
    """Numbers drawn evenly, the same in every run."""
    random = Random(1)
    return [random.randrange(below) for _ in range(LENGTH // 8)]


CONDITIONS = """
name: conditions
version: 1.0.0
language: vi
category: insult
rules:
  - id: conditions.all
    describe: {vi: Đủ loại điều kiện, en: Conditions of every kind}
    severity: 1
    weight: 5
    when:
      any:
        - near: {of: [tạ, gà, vịt], within: 8, same_sentence: true}
        - starts: [ngan]
        - ends: ["🦄"]
        - regex: "rắn[a-z]?"
        - all: [ngỗng, {any: [{capitals: {least: 0.9}}, {emoji: {least: 0.9}}, {strange: {least: 0.9}}, {repeated_lines: {least: 0.9}}]}]
    examples: {match: [ngan kìa, kìa 🦄, RẮN, NGỖNG], pass: [hôm nay trời đẹp]}
"""
"""A pack as a site may have it: what its conditions cost is measured on all texts too."""

HOSTILE = {
    "one-letter chunks": again("a b c "),
    "spaced swear": again("đ ị t "),
    "spaced letters that no term covers": again("q w z p "),
    "dotted term": again("n.g.u "),
    "dotted letters without end": again("n.g.u."),
    "new dotted chunks": different("n.g.u.{}"),
    "new chunks of two letters in turn": different("{}a.b.c.d"),
    "new stretched chunks": different("nnggguu{}"),
    "new leet chunks": different("ngu1{}4"),
    "leet and separators": different("đ.1.t.{}.0"),
    "new old encodings in leet": different("2m\"ÊêÊ¹{}"),
    "one stretched letter": "u" * LENGTH,
    "stretched words without a space": again("nnngggu"),
    "legal syllables merged": again("thangchodit"),
    "new merged syllables": different("thang{}chodit"),
    "syllables cut by a space": again("sủ a bậ y "),
    "halves of plates": again("29a 123.45 30e "),
    "tones left out": again("đúng là oc cho thật "),
    "old encodings": again("®å mÊt d¹y "),
    "new chunks in old encodings": different("mÊt{}¹y"),
    "stacked marks": "u" + "\u0336" * (LENGTH - 1),
    "marks on every letter": again("n\u0336\u0489g\u0336\u0489u\u0336\u0489 "),
    "new chunks with marks": different("{}\u0336\u0489u\u0336"),
    "invisible characters": again("n\u200bg\u200bu "),
    "mathematical letters": again("𝐧𝐠𝐮 "),
    "new mathematical chunks": different("𝐧𝐠𝐮{}"),
    "Arabic ligatures of eighteen letters": again("\ufdfa"),
    "Arabic ligatures, spaced": again("\ufdfa "),
    "Cyrillic look-alikes": different("сорху{}"),
    "decomposed letters": again("ngu\u031b\u0323 "),
    "domains without end": again("a.b-c."),
    "new domains": different("{}.vn"),
    "half e-mail addresses": again("a@b"),
    "new e-mail addresses": different("{}@a.vn"),
    "half phone numbers": again("0912 34 "),
    "phone numbers": again("0912 345 678 "),
    "new bank accounts": different("{}vcb 123456789 "),
    "new look-alike domains": different("vietcombank-{}.top"),
    "new domains of many labels": different("a-{}.b-c.d-e.g-h.i-k.vn"),
    "digits in words": again("không chín một hai ba "),
    "digits without end": "1" * LENGTH,
    "digits and dots": again("1.1"),
    "amounts": again("500k "),
    "angle brackets": again("<phone>"),
    "exclamation marks": "!" * LENGTH,
    "letters before a leet sign": "a" * (LENGTH - 4) + ",a1b",
    "new masked words": different("c*{}"),
    "found by search: separators in odd scripts": different("ê(сono®z👩z(zâwww¹{}/ee"),
    "found by search: old encodings, stretched and leet": different("ooÊÊê¹{}"),
    "found by search: masks, stretched and leet": different("cтa*🇻/aaa{}!1ạ"),
    "emoji": again("👩‍👧"),
    "emoji for words, one chunk": again("🐶"),
    "masked words, one chunk": again("l*"),
    "lone surrogates": again("\ud800 "),
    "random code points": "".join([chr(0x100 + 7919 * i % 0x2F00) for i in range(LENGTH)]),
    "new random chunks": different("{}\u0251\u03b1"),
    "a term": again("đồ ngu "),
    "terms without tones": again("do ngu "),
    "one-syllable terms": again("địt "),
    "ambiguous terms": again("con chó oc cho "),
    "ambiguous, without company": again("cho oc "),
    "terms at word borders": again("số đề xuất "),
    "word borders": again("một số đề xuất của các bạn "),
    "word borders, ever new": different("số đề xuất {}"),
    "allowed phrases": again("hạt óc chó "),
    "overlapping phrases": again("chó "),
    "signs of a scam": again("zalo nạp 500k "),
    "word borders in one another": "".join(map(CROSSING.__getitem__, different_numbers(len(CROSSING))))[:LENGTH],
    "marks that need company": again("💩"),
    "marks that need company, spaced": again("💩 "),
    "terms between allowed phrases": again("hạt óc chó ngu "),
    "terms in lost diacritics": again("ngu ngu ngu ngu oc "),
    "terms among lost diacritics": again("đĩ đĩ đĩ đĩ dien "),
    "neighbours across marks": "tạ " * 64 + "," * (LENGTH - 1_000) + " gà" * 64 + " một hai ba bốn năm sáu bảy tám chín mười vịt",
    "what may start a text": "," * (LENGTH // 2) + again("ngan ")[: LENGTH // 2],
    "what may end a text": again("🦄 , ")[: LENGTH // 2] + "," * (LENGTH // 2),
    "patterns between allowed phrases": again("rắn hạt óc chó "),
    "links, phones and fragments": again("0912 345 678 a@b.vn đ ị t 29a 1 2 3 http://x.vn/?q=1 n.g.u "),
}


@functools.cache
def with_conditions() -> ContentFilter:
    """A filter with the pack of conditions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conditions.yaml"
        path.write_text(CONDITIONS, encoding="utf-8")
        return ContentFilter(packs=[path])


def by_stage(contentfilter: ContentFilter, text: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """The stages as calls on one text, in the order of its way; later ones use what earlier ones learned."""
    table, model = contentfilter._reader.table, contentfilter._model
    distinct = list(dict.fromkeys(text.split()))
    analyses = [table._analyser.analyse(chunk) for chunk in distinct]
    yield "normalize (each new chunk)", lambda: [table._analyser.analyse(chunk) for chunk in distinct]
    yield "score (each new chunk)", lambda: model.score([analysis.plain for analysis in analyses])
    found: list[Result] = []
    contentfilter.classify(text)
    yield "the whole, every chunk known", lambda: found.append(contentfilter.classify(text))
    with_conditions().classify(text)
    yield "with conditions, every chunk known", lambda: with_conditions().classify(text)
    yield "masked", lambda: found[-1].masked
    yield "to_dict", lambda: found[-1].to_dict()
    yield "explain", lambda: found[-1].explain()

    def cold() -> None:
        contentfilter._reader.table = ChunkTable(table._analyser, table._capacity)
        contentfilter.classify(text)

    yield "the whole, every chunk new", cold


@functools.cache
def memories() -> list[functools._lru_cache_wrapper[Any]]:
    """What remembers a bounded number of earlier words; tables that are read once are none."""
    found = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    return [one for one in found if str(one.__module__).startswith("contentfilter.") and one.cache_parameters()["maxsize"]]


def cost(call: Callable[[], object], repetitions: int) -> float:
    """Seconds of processor time, the least of several runs, each with nothing remembered but what `call` holds."""
    least = float("inf")
    remembering = memories()
    for _ in range(repetitions):
        for one in remembering:
            one.cache_clear()
        began = time.thread_time()
        call()
        least = min(least, time.thread_time() - began)
    return least


def measure(repetitions: int) -> dict[str, list[dict[str, Any]]]:
    """For each stage the cost of plain text and of the three worst, costliest first."""
    contentfilter = default_filter().with_allowed([])
    plain = " ".join(line for line in PLAIN.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    costs: dict[str, dict[str, float]] = {}
    for name, text in {"plain": (plain * (LENGTH // len(plain) + 1))[:LENGTH], **HOSTILE}.items():
        for stage, call in by_stage(contentfilter, text):
            size = sum(map(len, dict.fromkeys(text.split()))) if "each new chunk" in stage else len(text)
            if size >= _LEAST:
                costs.setdefault(stage, {})[name] = cost(call, repetitions) / size * 1e6
    table: dict[str, list[dict[str, Any]]] = {}
    judged = costs["the whole, every chunk known"]["plain"]
    for stage, found in costs.items():
        usual = found.pop("plain")
        if stage in _TELLING:
            usual = judged
        worst = sorted(found, key=found.__getitem__, reverse=True)[:3]
        table[stage] = [{"input": "judging plain text" if stage in _TELLING else "plain text", "microseconds": usual, "times": 1.0}]
        table[stage] += [{"input": name, "microseconds": found[name], "times": found[name] / usual} for name in worst]
    return table


PIECES = [
    *"aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz0123456789@$!|€£+¡.,-_*•×/:&%#?()<>~'", *"êạịồặÃ¹®åðïõ\u0336\u200b\u0323𝐧асорхη🇻👩ɑﷺ",
    *"mÊt Ä‘ á» ngu địt dit cac lon thang cho đm vcl l0n n.g.u nguoi @a.vn .vn https:// 0912 29a {}".split(),
]  # fmt: skip
"""What `search` puts into chunks: letters, signs, and what stages look for."""


def search(seconds: float, seed: int) -> list[tuple[float, str]]:
    """The costliest forms of a chunk that random changes find, with the cost of a character against plain text."""
    random = Random(seed)
    contentfilter = default_filter().with_allowed([])
    analyse = contentfilter._reader.table._analyser.analyse
    plain = list(dict.fromkeys(PLAIN.read_text(encoding="utf-8").split()))

    def measured(chunks: list[str]) -> float:
        return cost(lambda: [analyse(chunk) for chunk in chunks], 3) / sum(map(len, chunks))

    usual = measured(plain)
    best = [(0.0, "{}")]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        form = random.choice(best)[1]
        for _ in range(random.randint(1, 3)):
            place = random.randint(0, len(form))
            form = form[:place] + random.choice(PIECES) + form[place + random.randint(0, 2) :]
        form = form.replace("{", "").replace("}", "")[:30] + "{}"
        if all(form != known for _, known in best):
            best.append((measured(different(form).split()[: _LEAST // len(form)]) / usual, form))
            best = sorted(best, reverse=True)[:16]
    return best


@click.command()
@click.option("--repetitions", default=3, show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the figures go, as JSON.")
@click.option("--search", "seconds", type=float, help="Look for worse chunks for so many seconds instead.")
@click.option("--seed", default=1, show_default=True, help="Of the search.")
def main(repetitions: int, output: Path | None, seconds: float | None, seed: int) -> None:
    """Measure, and print a line for each."""
    if seconds is not None:
        for times, form in search(seconds, seed):
            print(f"{times:6.1f} × {form!a}")
        return
    table = measure(repetitions)
    for stage, rows in table.items():
        for row in rows:
            print(f"{stage:30} {row['input']:40} {row['microseconds']:8.3f} µs a character {row['times']:6.1f} ×")
    if output is not None:
        output.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
