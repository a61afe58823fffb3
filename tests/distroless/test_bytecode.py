"""Bytecode of the standard library: Python reads it, it is that of the sources, and one for all architectures."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from container import Container
from distill.bytecode import pyc
from image_case import unpack

AMD64, ARM64 = os.environ["DISTROLESS_IMAGES"].split()
PYTHON = "/usr/bin/python3"
EMULATOR = "qemu-aarch64-static"

# What the image's own interpreter says of each file: it is unchecked, and hash and code are those of its source.
CHECK = """
import importlib.util, json, marshal, pathlib, warnings
warnings.simplefilter("ignore")
found = {"files": 0, "wrong": []}
for file in sorted(pathlib.Path("/usr/lib").rglob("*.pyc")):
    source = importlib.util.source_from_cache(str(file))
    data, text = file.read_bytes(), pathlib.Path(source).read_bytes()
    found["files"] += 1
    head = importlib.util.MAGIC_NUMBER + b"\\1\\0\\0\\0" + importlib.util.source_hash(text)
    if data[:16] != head or marshal.loads(data[16:]) != compile(text, source, "exec", dont_inherit=True):
        found["wrong"].append(source)
print(json.dumps(found))
"""


class Unpacked:
    """An image that is unpacked."""

    def __init__(self, archive: str, root: Path, *before: str) -> None:
        self.root = root
        self.config: dict[str, Any] = unpack(archive, root)
        self.before = before

    def python(self, *arguments: str) -> str:
        """Run the image's interpreter on a read-only root and give what it says."""
        words = [PYTHON, *arguments]
        with Container(self.config, self.root, words, entrypoint=self.before, read_only=True) as container:
            code, output = container.wait(600)
        assert code == 0, output
        return output

    def files(self, ending: str) -> dict[str, bytes]:
        """Give the files of the standard library, by path."""
        found = (self.root / "usr/lib").rglob(f"*{ending}")
        return {file.relative_to(self.root).as_posix(): file.read_bytes() for file in found if not file.is_symlink()}


@pytest.fixture(scope="module")
def amd64(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    return Unpacked(AMD64, tmp_path_factory.mktemp("amd64") / "root")


@pytest.fixture(scope="module")
def arm64(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    emulator = shutil.which(EMULATOR)
    if emulator is None and os.environ.get("DISTILL_NO_SKIP"):
        pytest.fail(f"{EMULATOR} is not installed; install qemu-user-static")
    if emulator is None:
        pytest.skip(f"NOT TESTED: {EMULATOR} is not installed; install qemu-user-static")
    made = Unpacked(ARM64, tmp_path_factory.mktemp("arm64") / "root", "/.qemu")
    shutil.copy(emulator, made.root / ".qemu")
    return made


def check_that_it_is_read(image: Unpacked) -> None:
    lines = image.python("-v", "-c", "import email.message, http.client, json").splitlines()
    read = [line for line in lines if ".pyc matches /usr/lib/python3." in line]
    assert len(read) > 30
    assert not [line for line in lines if "wrote " in line or "could not create" in line]
    compiled = [line for line in lines if line.startswith("# code object from /usr")]
    assert not compiled, "what has no bytecode"


def test_python_reads_it(amd64: Unpacked) -> None:
    check_that_it_is_read(amd64)


def test_python_of_another_architecture_reads_it(arm64: Unpacked) -> None:
    check_that_it_is_read(arm64)


def test_it_is_that_of_the_sources(amd64: Unpacked) -> None:
    found = json.loads(amd64.python("-c", CHECK))
    assert found["wrong"] == []
    assert found["files"] > 500


def test_it_is_the_same_for_all_architectures(amd64: Unpacked, arm64: Unpacked) -> None:
    sources, others = amd64.files(".py"), arm64.files(".py")
    same = {path for path, data in sources.items() if others.get(path) == data}
    assert len(sources.keys() - same) == 1, "the one that names the architecture: _sysconfigdata"
    made, of_other = amd64.files(".pyc"), arm64.files(".pyc")
    differ = {path for path in made if of_other.get(path) != made[path]}
    assert len(made) == len(of_other)
    assert {Path(path).name.partition("__")[0] for path in differ} == {"_sysconfigdata"}, "and links to it"


def test_an_interpreter_of_another_architecture_compiles_the_same(arm64: Unpacked, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {EMULATOR} -L "{arm64.root}" "{arm64.root}{PYTHON}" "$@"\n')
    program.chmod(0o755)
    expected = arm64.files(".pyc")
    sources = [pair for pair in sorted(arm64.files(".py").items()) if pair[0].count("/") == 3][:60]
    made = list(pyc.compile_all(str(program), sources))
    assert len(made) == 60
    for each in made:
        directory, _, name = each.source.rpartition("/")
        assert each.data == expected[f"{directory}/__pycache__/{name[:-3]}.{each.tag}.pyc"], each.source
