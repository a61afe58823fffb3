"""What a server needs of Python's standard library."""

import asyncio
import bz2
import ctypes
import decimal
import hashlib
import json
import lzma
import multiprocessing
import ssl
import sys
import uuid
import zlib
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


class Hello(BaseHTTPRequestHandler):
    """Says hello."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


for packer in (bz2, lzma, zlib):
    assert packer.decompress(packer.compress(b"text")) == b"text"
assert json.loads(json.dumps({"a": [1]})) == {"a": [1]}
assert decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3")
assert ctypes.sizeof(ctypes.c_void_p) == 8
assert multiprocessing.get_all_start_methods()
uuid.uuid4()
ssl.create_default_context()
asyncio.run(asyncio.sleep(0))
server = HTTPServer(("127.0.0.1", 0), Hello)
Thread(target=server.handle_request).start()
connection = HTTPConnection("127.0.0.1", server.server_port)
connection.request("GET", "/")
body = connection.getresponse().read()
server.server_close()
sys.stdout.write(hashlib.sha256(body).hexdigest()[:8])
