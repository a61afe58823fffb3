"""The order of mirrors, and the message where there is none."""

import pytest
from distill.errors import NetworkError
from distill.lock.apt_sources import AptSource
from distill.lock.mirror import VARIABLE, choose, public
from distill.lock.package_manifest import Source

APT = [AptSource("http://apt.example/debian", ("bookworm",), ("main",))]


def test_manifest_then_environment_then_apt() -> None:
    source = Source("debian", ("bookworm",), mirrors=("http://manifest.example/",))
    environment = {VARIABLE: "vendor=http://no.example debian=http://named.example http://any.example/"}
    assert choose(source, "bookworm", environment, APT) == [
        "http://manifest.example",
        "http://named.example",
        "http://any.example",
        "http://apt.example/debian",
    ]


def test_an_equals_sign_in_an_address() -> None:
    source = Source("debian", ("bookworm",))
    assert choose(source, "bookworm", {VARIABLE: "http://a.example/x=y"}, []) == ["http://a.example/x=y"]


def test_no_mirror_names_the_three_ways() -> None:
    with pytest.raises(NetworkError) as caught:
        choose(Source("debian", ("bookworm",)), "bookworm", {}, [])
    assert str(caught.value) == (
        "no mirror is known, got none for bookworm of debian; name a mirror under `mirrors` in the manifest, set "
        "DISTILL_DEBIAN_MIRROR=URL (or NAME=URL, for one source), or add the suite to this machine's apt sources"
    )


def test_no_mirror_for_a_component_that_is_misspelt() -> None:
    with pytest.raises(NetworkError) as caught:
        choose(Source("debian", ("bookworm",), ("mian",)), "bookworm", {}, APT)
    assert str(caught.value) == "no mirror is known, got none for bookworm mian of debian; did you mean main?"
    for component in ("contrib", "main"):  # nothing is near; it is right, and only the suite is not there
        with pytest.raises(NetworkError, match=r"^no mirror is known, got none for stable-security of debian; name a "):
            choose(Source("debian", ("x",), (component,)), "stable-security", {}, APT)


def test_passwords_are_not_told() -> None:
    assert public("https://me:secret@host.example:8/a?b") == "https://host.example:8/a?b"
