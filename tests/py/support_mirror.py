"""A mirror for tests: a signed archive in memory, behind a fetcher or a real server on 127.0.0.1."""

import gzip
import hashlib
import lzma
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pysequoia
from distill.debian.deb import open_deb
from distill.errors import VerificationError
from distill.lock.fetch import Fetcher, NotFoundError
from support_deb import control_text, deb

NOW = datetime(2026, 7, 12, tzinfo=UTC)


_KEYS: dict[str, pysequoia.Tsk] = {}


def key(name: str = "archive") -> pysequoia.Tsk:
    """Give the secret key of `name`, the same one within a test run."""
    if name not in _KEYS:
        _KEYS[name] = pysequoia.Tsk.generate(f"{name} <{name}@example.org>")
    return _KEYS[name]


def keyring(*names: str) -> bytes:
    """Give the public keys of `names`, binary."""
    return b"".join(bytes(key(name).extract_certificate()) for name in names or ("archive",))


def signed(text: bytes, name: str = "archive") -> bytes:
    """Sign `text` as an InRelease file is."""
    return pysequoia.sign(key(name).signer(), text, mode=pysequoia.SignatureMode.CLEAR)


@dataclass
class Mirror:
    """Suites as a mirror holds them: `files` by path below its root. Tests spoil them at will."""

    files: dict[str, bytes] = field(default_factory=dict)

    def publish(
        self,
        indexes: dict[str, bytes],
        *,
        suite: str = "bookworm",
        signer: str = "archive",
        date: str = "Sat, 11 Jul 2026 10:16:37 UTC",
        more: str = "",
        contents: dict[str, bytes] | None = None,
        debs: Mapping[str, bytes] = {},
    ) -> None:
        """Publish a suite whose component `main` has `indexes`, and `contents` of packages, by architecture.

        Their packages are put into the pool, and the indexes get their sums: empty ones, or those of `debs`, whose keys
        are name_version_architecture.
        """
        indexes = {name: b"\n".join(self._pooled(data, debs)) for name, data in indexes.items()}
        listed = {f"main/Contents-{name}.xz": lzma.compress(data) for name, data in (contents or {}).items()}
        for architecture, data in indexes.items():
            path = f"main/binary-{architecture}/Packages"
            listed[path] = data
            listed[f"{path}.xz"] = lzma.compress(data)
        sums = "".join(f" {hashlib.sha256(data).hexdigest()} {len(data)} {path}\n" for path, data in listed.items())
        release = (
            f"Origin: Test\nSuite: oldstable\nCodename: {suite}\nVersion: 12.15\nDate: {date}\nAcquire-By-Hash: yes\n"
            f"Architectures: {' '.join(indexes)}\nComponents: main\n{more}SHA256:\n{sums}"
        )
        self.files[f"dists/{suite}/InRelease"] = signed(release.encode(), signer)
        for path, data in listed.items():
            if path.endswith(".xz"):
                folder = f"dists/{suite}/{path.rpartition('/')[0]}"
                self.files[f"dists/{suite}/{path}"] = data
                self.files[f"{folder}/by-hash/SHA256/{hashlib.sha256(data).hexdigest()}"] = data

    def _pooled(self, data: bytes, debs: Mapping[str, bytes]) -> Iterator[bytes]:
        """Put the packages of an index into the pool; gives its paragraphs with their sizes and hashes."""
        for paragraph in data.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line)
            if "Filename" not in fields:
                yield paragraph.encode()
                continue
            identity = fields["Package"], fields["Version"], fields["Architecture"]
            empty = deb(control=control_text(*identity), suffix="", control_suffix="")
            package = debs.get("_".join(identity), empty)
            self.files[fields["Filename"]] = package
            sums = {"Size": str(len(package)), "SHA256": hashlib.sha256(package).hexdigest()}
            yield "".join(f"{key}: {value}\n" for key, value in (fields | sums).items()).encode()

    def publish_flat(
        self, debs: dict[str, bytes], *, folder: str = "", signer: str = "archive", detached: bool = False
    ) -> None:
        """Publish packages by file name as a flat repository, as `apt-ftparchive packages` and `release` make one.

        Its Release has neither suite nor components; an empty `signer` leaves it unsigned.
        """
        base = f"{folder}/" if folder else ""
        paragraphs = []
        for name, data in debs.items():
            with tempfile.NamedTemporaryFile() as file:
                file.write(data)
                file.flush()
                with open_deb(file.name) as deb:
                    control = deb.control.rstrip("\n")
            where = f"Filename: ./{base}{name}\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n"
            paragraphs.append(f"{control}\n{where}")
            self.files[base + name] = data
        packages = "\n".join(paragraphs).encode()
        listed = {"Packages": packages, "Packages.gz": gzip.compress(packages)}
        sums = "".join(f" {hashlib.sha256(data).hexdigest()} {len(data):16} {path}\n" for path, data in listed.items())
        release = f"Date: Sat, 11 Jul 2026 10:16:37 +0000\nSHA256:\n{sums}".encode()
        self.files |= {base + path: data for path, data in listed.items()}
        if not signer or detached:
            self.files[f"{base}Release"] = release
        if detached:
            mode = pysequoia.SignatureMode.DETACHED
            self.files[f"{base}Release.gpg"] = pysequoia.sign(key(signer).signer(), release, mode=mode)
        elif signer:
            self.files[f"{base}InRelease"] = signed(release, signer)

    def spoil(self, end: str, change: Callable[[bytes], bytes]) -> None:
        """Change every file whose path has `end` in it."""
        for path in self.files:
            if end in path:
                self.files[path] = change(self.files[path])


class MemoryFetcher(Fetcher):
    """Answers from mirrors by their address, and remembers what was asked."""

    def __init__(self, mirrors: dict[str, Mirror]) -> None:
        super().__init__()
        self.mirrors = mirrors
        self.asked: list[str] = []

    def fetch(self, url: str, limit: int, **_: object) -> bytes:
        """Give the file of `url`."""
        self.asked.append(url)
        for address, mirror in self.mirrors.items():
            if url.startswith(f"{address}/"):
                data = mirror.files.get(unquote(url[len(address) + 1 :]))
                if data is not None:
                    if len(data) > limit:
                        raise VerificationError(
                            f"answer is larger than it may be, got more than {limit} bytes of {url}"
                        )
                    return data
        raise NotFoundError(f"mirror does not have the file, got 404 for {url}; use another mirror")


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Serve on 127.0.0.1 with `answer` for each GET; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
