"""Downloads: nothing larger than allowed, nothing from a host that was not named, no waiting without end."""

import base64
import http.client
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, unquote, urlsplit

from distill.errors import DistillError, NetworkError, VerificationError
from distill.lock.connection import Allow, Http, Https, Live, WatchedRequest
from distill.lock.mirror import public
from distill.lock.partial import Partial

_CHUNK = 1 << 16
_HEAD = 1 << 20
"""Bytes that an answer may have beside twice its content: heads, and what stands around chunks."""
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_LENGTH = re.compile(r"[0-9]{1,18}")
_PORTS = {"http": 80, "https": 443}


class NotFoundError(NetworkError):
    """The mirror does not have the file."""


class RedirectError(NetworkError):
    """The mirror sends us where nobody said that we may go; another mirror is not tried, for the user should know."""


class Fetcher:
    """Downloads files whole into memory; any thread may ask for one."""

    def __init__(
        self,
        *,
        timeout: float = 30,
        deadline: float = 900,
        attempts: int = 3,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take limits.

        Args:
            timeout: seconds without a byte.
            deadline: seconds for one file, whatever trickles in: its head, its body or what follows.
            attempts: how often in a row a passing fault is met without a byte that is new; what has arrived is kept
                where the mirror lets us resume.
            sleep: waits between attempts; by default until `stop` is called at most.
            clock: tells the time for the deadline.
        """
        self._timeout, self._deadline, self._attempts = timeout, deadline, attempts
        self._stopped = threading.Event()
        self._kind: type[DistillError] = NetworkError
        self._sleep, self._clock = sleep or self._stopped.wait, clock
        self._opener = urllib.request.build_opener(Http, Https, _Redirects)
        self._live = Live()

    def stop(self, because: BaseException | None = None) -> None:
        """End all downloads, those that run and those to come, with a NetworkError.

        Where they end `because` of a VerificationError it is one of these, so that nothing of such a mirror is kept.
        """
        self._kind = VerificationError if isinstance(because, VerificationError) else NetworkError
        self._stopped.set()
        self._live.shut()

    def fetch(
        self,
        url: str,
        limit: int,
        *,
        partial: Partial | None = None,
        arrived: Callable[[int], None] = lambda _: None,
        redirects: Collection[str] = (),
    ) -> bytes:
        """Give the content of `url` (http, https or file), of at most `limit` bytes.

        Args:
            url: where it is; a user name and password in it go into the Authorization header.
            limit: bytes.
            partial: what is there already, and takes what arrives: the caller verifies the whole.
            arrived: told how many bytes there are, each time.
            redirects: hosts beside its own to which it may redirect.

        Raises:
            NotFoundError: it is not there.
            VerificationError: it is larger.
            RedirectError: it redirects to where it may not.
            NetworkError: it cannot be had.
        """
        if url.startswith("file:"):
            return self._read_file(url, limit)
        end = self._clock() + self._deadline
        content = partial if partial is not None else Partial()

        def allow(count: int) -> float:
            if self._stopped.is_set():
                raise self._kind(f"download was stopped, got {len(content)} bytes of {public(url)}; run it again")
            if count > 2 * limit + _HEAD:
                raise _too_large(url, limit)
            left = end - self._clock()
            if left < 0:
                raise NetworkError(
                    f"mirror is too slow, got {len(content)} bytes in {self._deadline:g} s from {public(url)}; "
                    "use another mirror"
                )
            return min(self._timeout, left + 0.01)  # a timeout of 0 would mean not to wait at all

        vain = 0
        while len(content) < limit or not content.taken_up:
            before = len(content)
            allow(0)
            try:
                self._receive(_Request(url, before, redirects, allow, self._live), limit, content, arrived)
                break
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in {403, 404, 410}:
                    raise NotFoundError(
                        f"mirror does not have the file, got {error.code} for {public(url)}; use another mirror"
                    ) from None
                vain += 1
                if error.code == 416 and before:  # what is there cannot be a part of what the mirror has
                    content.clear()
                elif error.code not in _PASSING or vain >= self._attempts:
                    raise NetworkError(
                        f"mirror refuses the file, got {error.code} for {public(url)}; use another mirror"
                    ) from None
            except (OSError, http.client.HTTPException) as error:
                vain = 1 if len(content) > before else vain + 1
                if vain >= self._attempts:
                    reason = getattr(error, "reason", None) or str(error) or type(error).__name__
                    raise NetworkError(
                        f"mirror cannot be reached, got {reason} for {public(url)}; check the address and the network"
                    ) from None
            self._sleep(vain)
        return bytes(content)

    def _receive(self, request: "_Request", limit: int, content: Partial, arrived: Callable[[int], None]) -> None:
        url = request.full_url
        with self._opener.open(request, timeout=self._timeout) as response:
            if response.status != 206:
                content.clear()  # the mirror does not resume: all comes anew
            elif not response.headers.get("Content-Range", "").startswith(f"bytes {len(content)}-"):
                content.clear()
                raise http.client.HTTPException(f"another range, {response.headers.get('Content-Range')},")
            length = response.headers.get("Content-Length", "")
            if _LENGTH.fullmatch(length) and len(content) + int(length) > limit:
                raise _too_large(url, limit)
            while chunk := response.read1(_CHUNK):
                content.add(chunk)
                if len(content) > limit:
                    raise _too_large(url, limit)
                arrived(len(content))
            if _LENGTH.fullmatch(length) and response.length:
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


class _Request(WatchedRequest):
    """A request that knows to which hosts it may be redirected. What is secret in it is never sent to another host."""

    def __init__(self, url: str, start: int, redirects: Collection[str], allow: Allow, live: Live) -> None:
        parts = urlsplit(url)
        user, _, host = parts.netloc.rpartition("@")
        super().__init__(parts._replace(netloc=host).geturl(), headers={"User-Agent": "rules_distill"})
        if user:
            token = base64.b64encode(unquote(user).encode()).decode("ascii")
            self.add_unredirected_header("Authorization", f"Basic {token}")
        if start:
            self.add_header("Range", f"bytes={start}-")
        self.redirects, self.allow, self.live = redirects, allow, live


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the same host, or to one that the manifest names; never from https to http.

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
        if not isinstance(req, _Request):
            raise TypeError(f"a request that is not ours: {req!r}")
        fp.close()  # its body is of no use, and would be read to its end
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        same = _place(old) == _place(new) or (old.hostname == new.hostname and old.port is None and new.port is None)
        allowed = same or new.hostname in req.redirects
        secure = new.scheme == "https" or (new.scheme == "http" and old.scheme == "http")
        if not allowed or not secure:
            where = f"got {public(newurl)} for {public(req.full_url)}"
            if not allowed:
                raise RedirectError(
                    f"mirror redirects to another host, {where}; name that host under redirects of the source if you "
                    "trust it, or use it as the mirror"
                )
            raise RedirectError(f"mirror redirects to what is not secure, {where}; use another mirror")
        found = super().redirect_request(req, fp, code, msg, headers, newurl)
        if found is None:
            return None
        result = _Request(newurl, 0, req.redirects, req.allow, req.live)
        result.headers.update(found.headers)
        if same and "Authorization" in req.unredirected_hdrs:
            result.add_unredirected_header("Authorization", req.unredirected_hdrs["Authorization"])
        return result


def _place(url: SplitResult) -> tuple[str | None, int | None]:
    return url.hostname, url.port or _PORTS.get(url.scheme)
