"""What stands in an image and what must not: files, modes, owners and links, from its layers as a registry has them."""

import hashlib
import re
import ssl
import stat
from fnmatch import fnmatchcase

import case
import pytest
from rootfs import Root

MACHINE = case.MACHINE
# Where the same rules hold, the image for root and the one with a shell.
ROOTS = pytest.mark.parametrize("variant", ["", "_debug"])

DIRECTORIES = {
    "boot": 0o755,
    "dev": 0o755,
    "home": 0o755,
    "proc": 0o755,
    "root": 0o700,
    "run": 0o755,
    "sys": 0o755,
    "tmp": 0o1777,
    "var/tmp": 0o1777,
}
FILES = {
    "static": [
        "etc/debian_version",
        "etc/ethertypes",
        "etc/group",
        "etc/host.conf",
        "etc/mime.types",
        "etc/nsswitch.conf",
        "etc/passwd",
        "etc/protocols",
        "etc/rpc",
        "etc/services",
        "etc/ssl/certs/ca-certificates.crt",
        "usr/lib/os-release",
        "usr/share/doc/base-files/copyright",
        "usr/share/doc/ca-certificates/copyright",
        "usr/share/doc/media-types/copyright",
        "usr/share/doc/netbase/copyright",
        "usr/share/doc/tzdata/copyright",
        "usr/share/zoneinfo/America/New_York",
        "usr/share/zoneinfo/Etc/UTC",
        "usr/share/zoneinfo/leap-seconds.list",
        "usr/share/zoneinfo/tzdata.zi",
        "usr/share/zoneinfo/zone1970.tab",
    ],
    "libc": [
        MACHINE.loader,
        f"etc/ld.so.conf.d/{MACHINE.triplet}.conf",
        *(
            f"lib/{MACHINE.triplet}/{name}"
            for name in (
                "libc.so.6",
                "libdl.so.2",
                "libm.so.6",
                "libnss_compat.so.2",
                "libnss_dns.so.2",
                "libnss_files.so.2",
                "libpthread.so.0",
                "libresolv.so.2",
                "librt.so.1",
            )
        ),
    ],
    "base": [
        f"usr/lib/{MACHINE.triplet}/{name}"
        for name in (
            "engines-3/afalg.so",
            "engines-3/loader_attic.so",
            "libcrypto.so.3",
            "libssl.so.3",
            # Debian 13 has the first for amd64 alone, and the other in a package of its own, openssl-provider-legacy.
            *(["engines-3/padlock.so", "ossl-modules/legacy.so"] if case.RELEASE.id == "12" else []),
        )
    ],
    "cc": [
        f"lib/{MACHINE.triplet}/libgcc_s.so.1",
        f"usr/lib/{MACHINE.triplet}/libgomp.so.1",
        f"usr/lib/{MACHINE.triplet}/libstdc++.so.6",
        f"usr/share/doc/{case.RELEASE.gcc}/copyright",
        "usr/share/doc/libgcc-s1/copyright",
        "usr/share/doc/libgomp1/copyright",
        "usr/share/doc/libstdc++6/copyright",
    ],
    "python3": [
        f"etc/{case.PYTHON}/sitecustomize.py",
        "usr/bin/python",
        "usr/bin/python3",
        f"usr/bin/{case.PYTHON}",
        f"usr/lib/{case.PYTHON}/encodings/__init__.py",
        f"usr/lib/{case.PYTHON}/os.py",
        f"usr/lib/{case.PYTHON}/sitecustomize.py",
    ],
    "nodejs": ["usr/bin/node"],
    "java_base": [
        "etc/fonts/fonts.conf",
        "etc/ssl/certs/java/cacerts",
        "usr/lib/locale/C.utf8/LC_CTYPE",
        "usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    ],
    "java": ["usr/bin/java"],
}
LINKS = {
    "etc/os-release": "../usr/lib/os-release",
    "usr/share/zoneinfo/UTC": "Etc/UTC",
    "usr/share/zoneinfo/US/Eastern": "../America/New_York",
}
# Ours, where distroless has them otherwise.
OUR_LINKS = {
    "usr/lib/ssl/cert.pem": "/etc/ssl/certs/ca-certificates.crt",
    "var/lock": "/run/lock",
    "var/run": "/run",
}
LINKS_OF = {
    "cc": {
        f"usr/lib/{MACHINE.triplet}/libgomp.so.1": "libgomp.so.1.0.0",
        f"usr/lib/{MACHINE.triplet}/libstdc++.so.6": f"libstdc++.so.{case.RELEASE.stdcxx}",
        "usr/share/doc/libgcc-s1": case.RELEASE.gcc,
        "usr/share/doc/libgomp1": case.RELEASE.gcc,
        "usr/share/doc/libstdc++6": case.RELEASE.gcc,
    },
    "python3": {
        "usr/bin/python": f"/usr/bin/{case.PYTHON}" if case.COMPATIBLE else case.PYTHON,
        "usr/bin/python3": f"/usr/bin/{case.PYTHON}" if case.COMPATIBLE else case.PYTHON,
        f"usr/lib/{case.PYTHON}/sitecustomize.py": f"/etc/{case.PYTHON}/sitecustomize.py",
    },
}
# Programs stand in no other folder, and these are all.
PROGRAMS = {
    "python3": {"python", "python3", case.PYTHON},
    "nodejs": {"node", "nodejs"},
    "java": {"java"},
}
# Of libc-bin, which distroless has whole in its python3 of Debian 13: ldd and tzselect are scripts, without a shell.
LIBC_BIN = {
    *("getconf", "getent", "iconv", "iconvconfig", "ld.so", "ldconfig", "ldd", "locale", "localedef"),
    *("pldd", "tzselect", "zdump", "zic"),
}
PROGRAM_FOLDERS = ["bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/games"]
FORBIDDEN = re.compile(
    r"(usr/)?s?bin/(sh|bash|dash|ash|busybox|zsh|ksh|env|perl.*|openssl|c_rehash|apt.*|dpkg.*|debconf.*|su|sudo|login"
    r"|passwd|chsh|mount|curl|wget|tar|ldd)"
)
ABSENT = [
    "busybox",
    "etc/apt",
    "etc/ca-certificates.conf",
    "etc/gshadow",
    "etc/localtime",
    "etc/shadow",
    "etc/ssl/openssl.cnf",
    "usr/sbin/update-ca-certificates",
    "usr/share/ca-certificates",
    "var/cache/apt",
    "var/lib/apt",
    "var/lib/dpkg/available",
    "var/lib/dpkg/info",
    "var/lib/dpkg/status",
]
# The SHA-256 of what distroless has.
GENERATED = {
    "etc/group": "190fcde0dc1f210f81c2977e4c9df5e97c5d712dd2300d573e36d24f57d77c67",
    "etc/passwd": "9003b1335e3ec8e426dbc715130569e08a708ee220c9c0d4ca6a0b730879607d",
}
GENERATED_COMPATIBLE = {
    "etc/nsswitch.conf": "e241e67d7b5c15a5ace818d89277507b5ded8b49688b7a4431afb3b1041a3759",
}
if case.RELEASE.id == "12":
    GENERATED_COMPATIBLE["usr/lib/os-release"] = "d9e62fb3baebbd71c7397d1d7c00ac60519ca331038e310d05681807090d407b"
# The same with the release filled in, whose digest for Debian 12 is the one above.
OS_RELEASE_COMPATIBLE = f'''PRETTY_NAME="Distroless"
NAME="Debian GNU/Linux"
ID="debian"
VERSION_ID="{case.RELEASE.id}"
VERSION="Debian GNU/Linux {case.RELEASE.id} ({case.RELEASE.name})"
HOME_URL="https://github.com/GoogleContainerTools/distroless"
SUPPORT_URL="https://github.com/GoogleContainerTools/distroless/blob/master/README.md"
BUG_REPORT_URL="https://github.com/GoogleContainerTools/distroless/issues/new"
'''
# A name without its libraries would be an error of every lookup: libnss_db is in the image, libnss_nis in none.
NSSWITCH = {
    "passwd": "files",
    "group": "files",
    "shadow": "files",
    "gshadow": "files",
    "hosts": "files dns",
    "networks": "files",
    "protocols": "files",
    "services": "files",
    "ethers": "files",
    "rpc": "files",
    "netgroup": "files",
}
USR_MERGED = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]


def mode(root: Root, path: str) -> int:
    return stat.S_IMODE(root.member(path).mode)


def owner(root: Root, path: str) -> tuple[int, int]:
    member = root.member(path)
    return member.uid, member.gid


def files(root: Root) -> list[str]:
    """Give the paths of regular files; a hard link is one."""
    return [path for path in root if root.member(path).isfile() or root.member(path).islnk()]


def wanted() -> list[str]:
    names = [*case.lineage(), *(["libc"] if case.IMAGE != "static" else [])]
    return [path for name in names for path in FILES.get(name, [])]


@pytest.mark.parametrize(("path", "expected"), DIRECTORIES.items())
def test_directories(path: str, expected: int) -> None:
    root = case.root()
    assert root.member(path).isdir()
    assert (mode(root, path), owner(root, path)) == (expected, (0, 0))


def test_home_of_nonroot() -> None:
    root = case.root()
    assert (mode(root, "home/nonroot"), owner(root, "home/nonroot")) == (0o700, (65532, 65532))


@pytest.mark.parametrize("path", wanted())
def test_files(path: str) -> None:
    root = case.root()
    found = root.at(path)
    assert root.member(found).isreg(), found
    # libc.so.6 says its version where it is run.
    executable = path.startswith("usr/bin/") or path.endswith(("/libc.so.6", "/sitecustomize.py", MACHINE.loader))
    assert mode(root, found) in ((0o644, 0o755) if executable else (0o644,)), found


@pytest.mark.parametrize(("path", "target"), (LINKS if case.COMPATIBLE else LINKS | OUR_LINKS).items())
def test_links(path: str, target: str) -> None:
    member = case.root().member(path)
    assert (member.issym(), member.linkname) == (True, target)


def test_links_of_libraries_and_languages() -> None:
    root = case.root()
    expected = {path: target for image in case.lineage() for path, target in LINKS_OF.get(image, {}).items()}
    members = {path: root.member(path) for path in expected}
    assert {path: member.issym() and member.linkname for path, member in members.items()} == expected


@pytest.mark.skipif(not case.COMPATIBLE, reason="ours are links")
@pytest.mark.parametrize(("path", "expected"), [("var/run", 0o755), ("var/lock", 0o1777)])
def test_distroless_has_directories_for_links(path: str, expected: int) -> None:
    root = case.root()
    assert root.member(path).isdir()
    assert mode(root, path) == expected


@pytest.mark.parametrize(
    ("path", "expected"), ((GENERATED | GENERATED_COMPATIBLE) if case.COMPATIBLE else GENERATED).items()
)
def test_generated_files(path: str, expected: str) -> None:
    assert hashlib.sha256(case.root().data(path)).hexdigest() == expected


def test_nsswitch_names_what_the_image_has() -> None:
    lines = [line.partition(":") for line in case.root().text("etc/nsswitch.conf").splitlines()]
    services = {name: " ".join(rest.split()) for name, colon, rest in lines if colon and not name.startswith("#")}
    if case.COMPATIBLE:
        assert services["passwd"] == services["group"] == "compat"
        assert services["netgroup"] == "nis"
    else:
        assert services == {name: NSSWITCH[name] for name in services}
    assert services["hosts"] == "files dns"
    assert {"passwd", "group", "hosts", "services", "protocols"} <= set(services)


def test_os_release() -> None:
    lines = case.root().text("etc/os-release").splitlines()
    if case.COMPATIBLE:
        assert case.root().text("usr/lib/os-release") == OS_RELEASE_COMPATIBLE
    version = f"{case.RELEASE.id} ({case.RELEASE.name})"
    assert {'ID="debian"', f'VERSION_ID="{case.RELEASE.id}"', f'VERSION="Debian GNU/Linux {version}"'} <= set(lines)


def test_certificates() -> None:
    root = case.root()
    text = root.text("etc/ssl/certs/ca-certificates.crt")
    blocks = text.count("-----BEGIN CERTIFICATE-----")
    listed = root.text("var/lib/dpkg/status.d/ca-certificates.md5sums").splitlines()
    assert blocks == sum(fnmatchcase(line, "*  usr/share/ca-certificates/*.crt") for line in listed) >= 100
    assert text.endswith("-----END CERTIFICATE-----\n")
    # OpenSSL parses each.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=text)
    assert context.cert_store_stats()["x509_ca"] == blocks


def test_zones() -> None:
    root = case.root()
    names = re.findall(r"^[A-Z]{2}\S*\t\S+\t(\S+)", root.text("usr/share/zoneinfo/zone1970.tab"), re.MULTILINE)
    # What tzdata.zi calls a link (L) is a zone too.
    names += re.findall(r"^L \S+ (\S+)$", root.text("usr/share/zoneinfo/tzdata.zi"), re.MULTILINE)
    assert len(names) > 400
    for name in names:
        assert root.start(f"usr/share/zoneinfo/{name}") == b"TZif", name


@pytest.mark.skipif(case.COMPATIBLE, reason="distroless has all files of its packages")
def test_nothing_that_nobody_reads() -> None:
    """Documentation other than licences, and the encodings of gconv, which are a slice."""
    patterns = ["usr/share/man/*", "usr/share/lintian/*", "usr/share/info/*", "usr/lib/*/gconv/*"]
    found = [path for path in files(case.root()) if any(fnmatchcase(path, pattern) for pattern in patterns)]
    documents = [path for path in files(case.root()) if path.startswith("usr/share/doc/")]
    assert (found, [path for path in documents if not path.endswith("/copyright")]) == ([], [])


def test_programs() -> None:
    """No shell, no package manager: the folders of programs hold what the image is for and nothing else."""
    root = case.root()
    scripts = LIBC_BIN if _has_libc_bin() else set()
    assert [path for path in root if FORBIDDEN.fullmatch(path) and path.rpartition("/")[2] not in scripts] == []
    found = {name for folder in PROGRAM_FOLDERS for name in root.children(folder)}
    expected = set().union(*(PROGRAMS.get(name, set()) for name in case.lineage()))
    if _has_libc_bin():
        expected |= LIBC_BIN
    elif not case.COMPATIBLE and case.IMAGE == "python3":
        # ctypes.util.find_library asks it.
        expected.add("ldconfig")
    assert found == expected


def _has_libc_bin() -> bool:
    return case.COMPATIBLE and (case.RELEASE.id, case.IMAGE) == ("13", "python3")


@pytest.mark.parametrize("path", ABSENT)
def test_absent(path: str) -> None:
    assert case.root().resolve(path) is None
    assert path not in case.root()


def test_no_cache_of_libraries_without_ldconfig() -> None:
    has = case.IMAGE == "python3" and (not case.COMPATIBLE or _has_libc_bin())
    assert ("etc/ld.so.cache" in case.root()) == (case.root().resolve("sbin/ldconfig") is not None) == has


@ROOTS
def test_modes_and_owners(variant: str) -> None:
    root = case.root(variant)
    assert [path for path in files(root) if mode(root, path) & 0o6000] == []
    others = {path: owner(root, path) for path in root if owner(root, path) != (0, 0)}
    # Local software of the group staff was Debian's custom until 12.
    staff = {"var/local": (0, 50)} if case.RELEASE.id == "12" else {}
    assert others == {"home/nonroot": (65532, 65532)} | staff
    assert root.member("var/local").isdir()
    assert mode(root, "var/local") == (0o2775 if staff else 0o755)


def test_owners_have_names() -> None:
    """As in /etc/passwd and /etc/group: numbers are all that a tar of ours says."""
    names = {(member.uname, member.gname) for layer in case.root("_debug").layers for member in layer.members.values()}
    assert names == {("", "")}


@pytest.mark.skipif(case.IMAGE != "static", reason="other images have programs")
def test_static_has_nothing_executable() -> None:
    root = case.root()
    executable = [path for path in files(root) if mode(root, path) & 0o111]
    assert executable == (["etc/update-motd.d/10-uname"] if case.COMPATIBLE else [])


@ROOTS
def test_no_link_leads_nowhere(variant: str) -> None:
    root = case.root(variant)
    dangling = [path for path in root if root.member(path).issym() and root.resolve(path) is None]
    dangling = [path for path in dangling if not root.member(path).linkname.startswith("/proc/")]
    expected = ["usr/share/zoneinfo/localtime"] if case.COMPATIBLE else []
    if _has_libc_bin():
        expected.insert(0, "usr/share/doc/python3.13-venv")
    assert dangling == expected


@ROOTS
def test_merged_or_not(variant: str) -> None:
    """Links to usr/…, with nothing below them, in all layers; or directories, in all layers."""
    root = case.root(variant)
    for layer in root.layers:
        for path, member in layer.members.items():
            top, _, below = path.partition("/")
            if top in USR_MERGED:
                assert member.issym() == (case.MERGED and not below) or (below and not case.MERGED), path
                assert not case.MERGED or (member.linkname == f"usr/{top}" and not below), path


def test_times() -> None:
    """All are the epoch, whatever a package says."""
    times = {member.mtime for layer in case.root("_debug").layers for member in layer.members.values()}
    assert times == {0}


def test_members_are_sorted() -> None:
    """Parents before children, and one order whatever made the layer."""
    for layer in case.root("_debug").layers:
        paths = [path.encode(errors="surrogateescape") for path in layer.members]
        assert paths == sorted(paths)
