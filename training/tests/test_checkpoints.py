import tarfile

import pytest

from iorch_training import checkpoints
from iorch_training.failure import BadInput
from iorch_training.files import read_json, unpack, write_json

RUN = {"data": "abc", "parameters": {"target_modules": ["q_proj"]}}


def save(root, step, fingerprint=RUN):
    draft = checkpoints.begin(root, step)
    (draft / "adapter.safetensors").write_bytes(b"weights of %d" % step)
    return checkpoints.finish(draft, step, {"fingerprint": fingerprint, "progress": {"step": step}})


def test_the_newest_is_found_and_only_two_are_kept(tmp_path):
    assert checkpoints.newest(tmp_path / "missing", RUN) is None
    for step in (2, 10, 9):
        save(tmp_path, step)
    folder, state = checkpoints.newest(tmp_path, RUN)
    assert (folder.name, state["progress"]) == ("step-00000010", {"step": 10})
    assert sorted(each.name for each in tmp_path.iterdir()) == ["step-00000009", "step-00000010"]


@pytest.mark.parametrize("damage", ["truncate", "no file", "no seal", "half a seal", "another file"])
def test_a_copy_that_was_cut_short_gives_way_to_the_one_before(tmp_path, damage):
    save(tmp_path, 1)
    folder = save(tmp_path, 2)
    if damage == "truncate":
        (folder / "adapter.safetensors").write_bytes(b"weig")
    elif damage == "no file":
        (folder / "adapter.safetensors").unlink()
    elif damage == "no seal":
        (folder / checkpoints.SEAL).unlink()
    elif damage == "half a seal":
        (folder / checkpoints.SEAL).write_text('{"state"')
    else:
        (folder / "stray").write_text("x")
    assert checkpoints.newest(tmp_path, RUN)[1]["progress"] == {"step": 1}


def test_a_checkpoint_of_another_run_is_not_gone_on_with(tmp_path):
    save(tmp_path, 5, {**RUN, "data": "other"})
    assert checkpoints.newest(tmp_path, RUN) is None


def test_a_draft_that_a_kill_left_is_no_checkpoint(tmp_path):
    draft = checkpoints.begin(tmp_path, 3)
    (draft / "adapter.safetensors").write_bytes(b"half")
    assert checkpoints.newest(tmp_path, RUN) is None
    save(tmp_path, 3)
    assert checkpoints.newest(tmp_path, RUN)[1]["progress"] == {"step": 3}


def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path):
    write_json(tmp_path / "evil.json", {})
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as content:
        content.add(tmp_path / "evil.json", arcname="../evil.json")
    with pytest.raises(BadInput, match="model.tar.gz cannot be unpacked"):
        unpack(archive, tmp_path / "inside/deep")
    assert read_json(tmp_path / "inside/evil.json") is None
