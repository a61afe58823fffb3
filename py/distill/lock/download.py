"""A file whose size and SHA-256 are known: from the first mirror that gives it, and verified, or not at all."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from distill.errors import NetworkError, VerificationError
from distill.lock.fetch import Fetcher, NotFoundError, RedirectError
from distill.lock.mirror import public
from distill.lock.partial import Partial
from distill.lock.release import Digest


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of an archive, and what somebody who was verified says of it."""

    fault: str
    """What is said of a false one: `index is not what its Release says`."""
    url: str
    """What messages call it."""
    addresses: Sequence[str]
    """Where it may be, best first."""
    digest: Digest
    redirects: Sequence[str] = ()
    """See `Fetcher.fetch`."""


def verified(
    wanted: Wanted, fetcher: Fetcher, part: Partial, arrived: Callable[[int], None], say: Callable[[str], None]
) -> bytes:
    """Get a file; what an earlier run left of it is taken up, unless the whole is then false.

    Args:
        wanted: what, and from where.
        fetcher: downloads.
        part: what is there of it.
        arrived: told how many bytes there are, each time.
        say: told when another mirror is asked, and when what was there is of no use.

    Raises:
        VerificationError: size or hash are not what they should be.
        NetworkError: it cannot be had.
    """
    digest = wanted.digest
    data = _from_any(wanted, fetcher, part, arrived, say)
    if part.taken_up and _fault(data, digest):
        say("what an earlier run left was of another file, fetching anew")
        part.clear()
        data = _from_any(wanted, fetcher, part, arrived, say)
    if fault := _fault(data, digest):
        raise VerificationError(
            f"{wanted.fault}, got {fault} of {public(wanted.url)}; try again later, or use another mirror"
        )
    arrived(digest.size)
    return data


def _from_any(
    wanted: Wanted, fetcher: Fetcher, part: Partial, arrived: Callable[[int], None], say: Callable[[str], None]
) -> bytes:
    faults: list[NetworkError] = []
    for address in wanted.addresses:
        if faults:
            say(f"{str(faults[-1]).rpartition(';')[0]}; trying {public(address)}")
        try:
            return fetcher.fetch(address, wanted.digest.size, partial=part, arrived=arrived, redirects=wanted.redirects)
        except RedirectError:
            raise
        except NetworkError as error:
            faults.append(error)
    raise next((fault for fault in faults if not isinstance(fault, NotFoundError)), faults[-1])


def _fault(data: bytes, digest: Digest) -> str:
    if len(data) != digest.size:
        return f"{len(data)} bytes and not {digest.size}"
    actual = hashlib.sha256(data).hexdigest()
    return "" if actual == digest.sha256 else f"sha256 {actual} and not {digest.sha256}"
