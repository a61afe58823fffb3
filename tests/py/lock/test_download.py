"""Files whose sums are known; resuming and mirrors over real connections: test_suite.py."""

import hashlib

import pytest
from distill.errors import NetworkError, VerificationError
from distill.lock import download
from distill.lock.download import Wanted
from distill.lock.fetch import NotFoundError, RedirectError
from distill.lock.partial import Partial
from distill.lock.release import Digest
from support_mirror import MemoryFetcher, Mirror

DATA = b"the bytes"
ONE, TWO = "http://one.example", "http://two.example"


def fetch(fetcher: MemoryFetcher, *addresses: str) -> tuple[bytes, list[str], list[int]]:
    said: list[str] = []
    arrived: list[int] = []
    digest = Digest(len(DATA), hashlib.sha256(DATA).hexdigest())
    wanted = Wanted("file is not what somebody says", f"{ONE}/file", addresses, digest)
    return download.verified(wanted, fetcher, Partial(), arrived.append, said.append), said, arrived


def test_the_first_that_has_it() -> None:
    fetcher = MemoryFetcher({TWO: Mirror({"file": DATA})})
    assert fetch(fetcher, f"{TWO}/file", f"{ONE}/file") == (DATA, [], [len(DATA)])
    data, said, _ = fetch(fetcher, f"{ONE}/file", f"{TWO}/file")
    assert data == DATA
    assert said == [f"mirror does not have the file, got 404 for {ONE}/file; trying {TWO}/file"]


def test_what_is_false() -> None:
    with pytest.raises(VerificationError) as caught:
        fetch(MemoryFetcher({ONE: Mirror({"file": b"other"})}), f"{ONE}/file")
    assert str(caught.value) == (
        f"file is not what somebody says, got 5 bytes and not 9 of {ONE}/file; try again later, or use another mirror"
    )


def test_the_fault_that_tells_most() -> None:
    class Failing(MemoryFetcher):
        def fetch(self, url: str, limit: int, **_: object) -> bytes:
            raise NetworkError("down; wait") if url.startswith(TWO) else NotFoundError("gone; look")

    with pytest.raises(NetworkError, match=r"^down; wait$"):
        fetch(Failing({}), f"{ONE}/file", f"{TWO}/file", f"{ONE}/again")


def test_a_redirect_ends_it() -> None:
    class Redirecting(MemoryFetcher):
        def fetch(self, url: str, limit: int, **_: object) -> bytes:
            self.asked.append(url)
            raise RedirectError("elsewhere; name it")

    fetcher = Redirecting({})
    with pytest.raises(RedirectError):
        fetch(fetcher, f"{ONE}/file", f"{TWO}/file")
    assert fetcher.asked == [f"{ONE}/file"]
