"""Output appears under its name only when it is complete."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from contentfilter.files.writers import complete_or_nothing


def test_a_complete_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with complete_or_nothing(path) as file:
        file.write("một\n")
        assert not path.exists()
    assert path.read_bytes() == "một\n".encode()
    assert os.listdir(tmp_path) == ["out.jsonl"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_after_an_error_nothing_is_left(tmp_path: Path, error: type[BaseException]) -> None:
    def write(path: Path) -> None:
        with complete_or_nothing(path) as file:
            file.write("một")
            raise error

    with pytest.raises(error):
        write(tmp_path / "out.jsonl")
    assert os.listdir(tmp_path) == []
    (tmp_path / "out.jsonl").write_text("before", encoding="utf-8")
    with pytest.raises(error):
        write(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), complete_or_nothing(tmp_path / "nowhere" / "out.jsonl"):
        pass


def test_a_link_is_followed_and_the_mode_kept(tmp_path: Path) -> None:
    target = tmp_path / "target.jsonl"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o600)
    link = tmp_path / "link.jsonl"
    link.symlink_to(target)
    with complete_or_nothing(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_device_stays_one() -> None:
    with complete_or_nothing(Path("/dev/null")) as file:
        file.write("x")
    assert Path("/dev/null").is_char_device()
