"""Downloads: nothing larger than allowed, nothing from a host that was not named, no waiting without end."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from distill.errors import NetworkError, VerificationError
from distill.mirror import public

_CHUNK = 1 << 16
_PASSING = {408, 425, 429, 500, 502, 503, 504}


class NotFoundError(NetworkError):
    """The mirror does not have the file."""


class Fetcher:
    """Downloads files whole into memory."""

    def __init__(
        self,
        *,
        timeout: float = 30,
        deadline: float = 900,
        attempts: int = 3,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take limits.

        Args:
            timeout: seconds without a byte.
            deadline: seconds for one file, whatever trickles in.
            attempts: how often a passing fault is tried anew; what has arrived is kept where the mirror lets us resume.
            sleep: waits between attempts.
            clock: tells the time for the deadline.
        """
        self._timeout, self._deadline, self._attempts = timeout, deadline, attempts
        self._sleep, self._clock = sleep, clock
        self._opener = urllib.request.build_opener(_SameHost)

    def fetch(self, url: str, limit: int) -> bytes:
        """Give the content of `url` (http, https or file), of at most `limit` bytes.

        Raises:
            NotFoundError: it is not there.
            VerificationError: it is larger.
            NetworkError: it cannot be had.
        """
        if url.startswith("file:"):
            return self._read_file(url, limit)
        end = self._clock() + self._deadline
        arrived = bytearray()
        for attempt in range(1, self._attempts + 1):
            try:
                self._receive(url, limit, arrived, end)
                return bytes(arrived)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in {403, 404, 410}:
                    raise NotFoundError(
                        f"mirror does not have the file, got {error.code} for {public(url)}; use another mirror"
                    ) from None
                if error.code not in _PASSING or attempt == self._attempts:
                    raise NetworkError(
                        f"mirror refuses the file, got {error.code} for {public(url)}; use another mirror"
                    ) from None
            except (OSError, http.client.HTTPException) as error:
                if attempt == self._attempts:
                    reason = getattr(error, "reason", None) or str(error) or type(error).__name__
                    raise NetworkError(
                        f"mirror cannot be reached, got {reason} for {public(url)}; check the address and the network"
                    ) from None
            self._sleep(attempt)
        raise AssertionError("the last attempt returns or raises")

    def _receive(self, url: str, limit: int, arrived: bytearray, end: float) -> None:
        headers = {"User-Agent": "rules_distill"}
        if arrived:
            headers["Range"] = f"bytes={len(arrived)}-"
        with self._opener.open(urllib.request.Request(url, headers=headers), timeout=self._timeout) as response:  # noqa: S310
            if not response.headers.get("Content-Range", "").startswith(f"bytes {len(arrived)}-"):
                arrived.clear()  # the mirror does not resume: all comes anew
            length = response.headers.get("Content-Length", "")
            if length.isdecimal() and len(arrived) + int(length) > limit:
                raise _too_large(url, limit)
            while chunk := response.read1(_CHUNK):
                arrived += chunk
                if len(arrived) > limit:
                    raise _too_large(url, limit)
                if self._clock() > end:
                    raise NetworkError(
                        f"mirror is too slow, got {len(arrived)} bytes in {self._deadline:.0f} s from {public(url)}; "
                        "use another mirror"
                    )
            if length.isdecimal() and response.length:
                raise http.client.IncompleteRead(b"", response.length)

    def _read_file(self, url: str, limit: int) -> bytes:
        try:
            with Path(unquote(urlsplit(url).path)).open("rb") as stream:
                data = stream.read(limit + 1)
        except FileNotFoundError:
            raise NotFoundError(f"mirror does not have the file, got no {url}; use another mirror") from None
        except OSError as error:
            raise NetworkError(f"mirror cannot be read, got {error.strerror} for {url}; check the address") from None
        if len(data) > limit:
            raise _too_large(url, limit)
        return data


def _too_large(url: str, limit: int) -> VerificationError:
    return VerificationError(
        f"answer is larger than it may be, got more than {limit} bytes of {public(url)}; use another mirror"
    )


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the same host only (and never from https to http).

    Signatures and hashes would catch false content from any host; but a user who names a mirror means that one, be it
    for a firewall's sake or to be seen by none else. Whoever wants the other host names it.
    """

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if old.hostname != new.hostname or (old.scheme == "https" and new.scheme != "https"):
            fp.close()
            raise NetworkError(
                f"mirror redirects to another host, got {public(newurl)} for {public(req.full_url)}; "
                "name that host as the mirror if you trust it"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)
