"""Files are written whole or not at all."""

import os
import re
from pathlib import Path
from platform import node

import pytest

from client360.files import atomic


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_is_told_with_the_file_and_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "cliente_360.csv"
    path.write_bytes(b"before")
    # what is written goes to a device that is always full
    (tmp_path / f".{path.name}.{node()}.{os.getpid()}.part").symlink_to("/dev/full")
    told = rf"there is no room left on the disk of this file: '{re.escape(str(path))}'"
    with pytest.raises(OSError, match=told), atomic(path) as file:
        file.write(b"after" * 100_000)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
