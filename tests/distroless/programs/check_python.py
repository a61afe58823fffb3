"""Run in the image: prints one JSON document of what Python finds there."""

import ctypes.util
import datetime
import importlib
import json
import locale
import mimetypes
import os
import pwd
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import zoneinfo
from collections.abc import Iterable


def modules(skipped: Iterable[str]) -> dict[str, str]:
    """Import every module of the standard library; give those that fail with the reason."""
    failed = {}
    for name in sorted(sys.stdlib_module_names - set(skipped)):
        try:
            importlib.import_module(name)
        except Exception as error:
            failed[name] = repr(error)
    return failed


def setlocale(name: str) -> str:
    """Try a locale and count with it."""
    try:
        locale.setlocale(locale.LC_ALL, name)
        return locale.nl_langinfo(locale.CODESET)
    except locale.Error as error:
        return str(error)


def shell() -> int | str:
    """Try to run a command by a shell, of which there is none."""
    try:
        return subprocess.run("true", shell=True, capture_output=True).returncode
    except OSError as error:
        return type(error).__name__


def handshake(folder: str) -> list[str | None]:
    """Have a client and a server of this process meet over TLS."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(f"{folder}/server.crt", f"{folder}/server.key")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with server_side.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.sendall(b"hello")

    thread = threading.Thread(target=serve)
    thread.start()
    client_side = ssl.create_default_context(cafile=f"{folder}/server.crt")
    with (
        socket.create_connection(listener.getsockname()) as plain,
        client_side.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        answer = [wrapped.recv(5).decode(), wrapped.version()]
    thread.join()
    return answer


context = ssl.create_default_context()
found = {
    "certificates": context.cert_store_stats()["x509_ca"],
    "codeset": setlocale("C.UTF-8"),
    "curses": bool(importlib.import_module("curses")),
    "encoding": sys.getfilesystemencoding(),
    "failed": modules(sys.argv[2:]),
    "find_library": {} if sys.argv[1] == "-" else {n: ctypes.util.find_library(n) for n in ("c", "ssl", "z", "stdc++")},
    "getservbyname": socket.getservbyname("https"),
    "handshake": handshake("/test"),
    "nonroot": pwd.getpwnam("nonroot").pw_uid,
    "shell": None if sys.argv[1] == "-" else shell(),
    "sqlite": sqlite3.connect(":memory:").execute("select upper('x')").fetchone()[0],
    "svg": mimetypes.guess_type("x.svg")[0],
    "uid": os.getuid(),
    "version": sys.version_info[:2],
    "zone": str(zoneinfo.ZoneInfo("US/Eastern").utcoffset(datetime.datetime(2025, 7, 15))),
}
sys.stdout.write(json.dumps(found))
