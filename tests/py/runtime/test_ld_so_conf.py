"""Tests of distill.runtime.ld_so_conf."""

from distill.runtime import ld_so_conf
from distill.runtime.rootfs import Rootfs
from support_listing import file, symlink


def conf(*files: tuple[str, str]) -> list[str]:
    return ld_so_conf.directories(Rootfs([[file(path, text=text) for path, text in files]]))


def test_debians_files() -> None:
    assert conf(
        ("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n\n"),
        ("etc/ld.so.conf.d/x86_64-linux-gnu.conf", "# Multiarch support\n/usr/local/lib/x\n/lib/x  # why\n"),
        ("etc/ld.so.conf.d/libc.conf", "# libc default configuration\n/usr/local/lib\n"),
        ("etc/ld.so.conf.d/off.conf.dpkg-old", "/no\n"),
    ) == ["/usr/local/lib", "/usr/local/lib/x", "/lib/x"]


def test_what_an_include_names_is_put_where_it_stands_behind_its_own_file() -> None:
    assert conf(
        ("etc/ld.so.conf", "/a/\ninclude sub/one.conf\n/z=libc6\nhwcap 0 nosegneg\nrelative/x\n/a\n"),
        ("etc/sub/one.conf", "/b\ninclude /etc/ld.so.conf\n"),
    ) == ["/a", "/z", "/b"]


def test_no_file_no_text_and_a_dead_link() -> None:
    assert conf() == []
    assert conf(("etc/ld.so.conf", "")) == []
    assert ld_so_conf.directories(Rootfs([[symlink("etc/ld.so.conf", "gone")]])) == []
    assert conf(("etc/ld.so.conf", "include /gone/*.conf\n")) == []


def test_whether_a_directory_is_named() -> None:
    rootfs = Rootfs([[file("etc/ld.so.conf", text="/opt/a\n/opt/link\n"), symlink("opt/link", "b"), file("opt/b/x")]])
    assert [name for name in ("opt/a", "opt/b", "opt", "opt/link") if ld_so_conf.has(rootfs, name)] == [
        "opt/a", "opt/b", "opt/link",
    ]  # fmt: skip
