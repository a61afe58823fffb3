"""Tests of distill.layer.metadata; test_file_sources.py and test_layer_debian.py have it in layers."""

import pytest
from distill.errors import InputError
from distill.layer.metadata import Metadata
from distill.layer.tree import Source, Tree
from distill.tar import Entry
from support_match import exactly

NOTHING: dict[str, str] = {}


def changed(modes: dict[str, str], owners: dict[str, str]) -> dict[str, Entry]:
    """Give the entries of a layer with a program and a link, changed."""
    metadata = Metadata(modes, owners)
    tree = Tree(0)
    for entry in (Entry("srv/run", "file", 0o755, 7, 8), Entry("link", "symlink", 0o777, link="srv")):
        tree.add(metadata.of(Source(entry, "a test", data=b"")))
    metadata.finish(tree)
    return {source.entry.path: source.entry for source in tree.sources()}


def test_what_is_not_named_stays() -> None:
    assert changed({}, {})["srv/run"] == Entry("srv/run", "file", 0o755, 7, 8)


def test_a_mode_leaves_the_owner_and_an_owner_the_mode() -> None:
    assert changed({"srv/run": "4711"}, {})["srv/run"] == Entry("srv/run", "file", 0o4711, 7, 8)
    assert changed({}, {"srv/run": "1:2"})["srv/run"] == Entry("srv/run", "file", 0o755, 1, 2)
    assert changed({"srv/run": "0600"}, {"srv/run": "1:2"})["srv/run"] == Entry("srv/run", "file", 0o600, 1, 2)


def test_a_directory_that_no_source_names() -> None:
    assert changed({"srv": "1777"}, {"srv": "0:5"})["srv"] == Entry("srv", "directory", 0o1777, 0, 5)


def test_a_link_has_an_owner() -> None:
    assert changed({}, {"link": "1:2"})["link"].uid == 1


@pytest.mark.parametrize(
    ("modes", "owners", "message"),
    [
        ({"x": "0755"}, NOTHING, "modes names what is not in the layer, got /x; add it or leave it out"),
        (NOTHING, {"x": "1:1"}, "owners names what is not in the layer, got /x; add it or leave it out"),
        ({"x": "0"}, {"x": "1:1"}, "modes and owners name what is not in the layer, got /x; add it or leave it out"),
        ({"link": "0755"}, NOTHING, "modes names a symlink, which has no mode, got /link; name what it points to"),
        ({"l": "rwx"}, NOTHING, "mode of /l is no octal mode, got 'rwx'; write 0644 or 4755"),
        (NOTHING, {"l": "root"}, "owner of /l is not of the form uid:gid, got 'root'; write 65532:65532"),
        (NOTHING, {"l": "1:"}, "owner of /l is not of the form uid:gid, got '1:'; write 65532:65532"),
        (NOTHING, {"l": "1:4294967295"}, "owner of /l is out of range, got 4294967295; give ids from 0 to 4294967294"),
    ],
)
def test_what_is_wrong(modes: dict[str, str], owners: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=exactly(message)):
        changed(modes, owners)
