"""A filter that follows its files: swapped whole, and never for a broken one."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from written import rule, write

from contentfilter import Action, PackError
from contentfilter.reload import Reloading


def test_a_changed_pack_takes_over(tmp_path: Path) -> None:
    told: list[str] = []
    path = write(tmp_path, rule("terms: [hồ lô biến]"))
    current = Reloading(packs=[path], tell=told.append)
    assert (current.classify("hồ lô biến").action, current.classify("bầu bí hiện").action) == (Action.REVIEW, Action.ALLOW)
    assert not current.reload()  # nothing has changed
    before = current.filter
    write(tmp_path, rule("terms: [bầu bí hiện]"))
    assert current.reload()
    assert (current.classify("hồ lô biến").action, current.classify("bầu bí hiện").action) == (Action.ALLOW, Action.REVIEW)
    assert before.classify("hồ lô biến").action is Action.REVIEW  # who holds the old one goes on with it
    assert told == []


def test_a_broken_pack_changes_nothing_and_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    path = write(tmp_path, rule("terms: [hồ lô biến]"))
    current = Reloading(packs=[path], tell=told.append)
    write(tmp_path, rule("trems: [hồ lô biến]"))
    assert not current.reload()
    assert "did you mean 'terms'?" in current.error
    assert not current.reload()
    assert told == [current.error]  # once
    assert current.classify("hồ lô biến").action is Action.REVIEW
    path.unlink()
    assert not current.reload()
    assert "no such file" in current.error
    write(tmp_path, rule("terms: [hồ lô biến]"))
    assert current.reload()
    assert current.error == ""


def test_a_broken_pack_is_told_in_vietnamese(tmp_path: Path) -> None:
    current = Reloading(packs=[write(tmp_path, rule("terms: [hồ lô biến]"))], tell=lambda _: None, lang="vi")
    write(tmp_path, rule("trems: [hồ lô biến]"))
    assert not current.reload()
    assert current.error.startswith("vẫn dùng quy tắc cũ: ")
    assert "khóa lạ 'trems', có phải ý bạn là 'terms'?" in current.error


def test_term_files_and_overlays_count(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("hồ lô biến\n", encoding="utf-8")
    overlay = tmp_path / "site.yaml"
    overlay.write_text("overlay: site\nversion: '1'\nallow: [trời xanh]\n", encoding="utf-8")
    current = Reloading(packs=[write(tmp_path, rule("term_file: words.txt"))], overlays=[overlay])
    words.write_text("bầu bí hiện\n", encoding="utf-8")
    assert current.reload()
    assert current.classify("bầu bí hiện").flagged
    overlay.write_text("overlay: site\nversion: '2'\nallow: [bầu bí hiện]\n", encoding="utf-8")
    assert current.reload()
    assert not current.classify("bầu bí hiện").flagged


def test_the_first_filter_must_be_right(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        Reloading(packs=[write(tmp_path, rule("trems: [x]"))])


def test_files_are_watched_while_texts_are_judged(tmp_path: Path) -> None:
    path = write(tmp_path, rule("terms: [hồ lô biến]"))
    seen: set[tuple[bool, bool]] = set()
    with Reloading(packs=[path], seconds=0.01) as current:
        ended = threading.Event()

        def judge() -> None:
            while not ended.is_set():
                one, other = current.classify_batch(["hồ lô biến", "bầu bí hiện"])
                seen.add((one.flagged, other.flagged))

        threads = [threading.Thread(target=judge) for _ in range(2)]
        for thread in threads:
            thread.start()
        path.with_suffix(".new").write_text(path.read_text(encoding="utf-8").replace("hồ lô biến", "bầu bí hiện"), encoding="utf-8")
        path.with_suffix(".new").replace(path)
        for _ in range(6000):
            if (False, True) in seen:
                break
            time.sleep(0.01)
        ended.set()
        for thread in threads:
            thread.join()
    assert seen == {(True, False), (False, True)}  # never a half of each
