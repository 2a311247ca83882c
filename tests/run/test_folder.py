"""The data folder belongs to one run at a time, and --reset touches nothing else in it."""

import tempfile
from pathlib import Path

import pytest

from runner import folder
from runner.report import Stop


def test_a_second_start_says_that_one_is_running_and_where(tmp_path):
    held = folder.take(tmp_path)
    held.tell(address="http://127.0.0.1:8000/")

    with pytest.raises(Stop, match=r"已在运行:http://127\.0\.0\.1:8000/"):
        folder.take(tmp_path)


def test_a_folder_is_free_again_when_its_run_has_ended(tmp_path):
    folder.take(tmp_path).lock.close()

    assert not folder.is_held(tmp_path)
    assert folder.take(tmp_path)


def test_a_folder_that_cannot_be_written_names_the_option(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Stop, match="--data DIR"):
        folder.take(tmp_path / "file" / "below")


def test_secrets_are_made_once_and_are_for_their_owner_only(tmp_path):
    held = folder.take(tmp_path)

    first, second = held.secrets(), held.secrets()

    assert first == second
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_reset_leaves_what_is_not_ours(tmp_path):
    held = folder.take(tmp_path)
    held.secrets()
    (held.servers / "postgres-18").mkdir(parents=True)
    (tmp_path / "mine.txt").touch()

    held.reset()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt", "run.lock"]


def test_reset_also_empties_a_folder_that_had_to_be_elsewhere(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    held = folder.take(tmp_path / "data")
    held.servers.symlink_to(elsewhere)

    held.reset()

    assert not elsewhere.exists()
    assert not held.servers.is_symlink()


def test_a_throw_away_folder_of_a_killed_run_is_cleared(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = folder.throw_away()
    left.lock.close()  # as the kernel does for a killed process
    in_use = folder.throw_away()

    newest = folder.throw_away()

    assert not left.path.exists()
    assert in_use.path.exists()
    newest.remove()
    assert not newest.path.exists()


def test_a_full_disk_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(folder, "NEEDED_MB", 2**40)

    with pytest.raises(Stop, match="磁盘空间不足"):
        folder.take(tmp_path)


def test_two_folders_never_share_a_secret(tmp_path: Path):
    one, other = folder.take(tmp_path / "a").secrets(), folder.take(tmp_path / "b").secrets()

    assert not set(one.values()) & set(other.values())
