"""The Django image serves every page that a link leads to, the admin's too, and keeps small."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest
from container import Container, free_port
from image_case import runfile, unpack
from oci_archive import OciArchive

ARCHIVE = "examples/django/django_image.tar"
WITH_BYTECODE = "examples/django/django_image_bytecode.tar"
MANAGE = ["/usr/bin/python3", "/app/_main/examples/django/manage.py"]
NAME, PASSWORD = "librarian", "not-a-common-one"
POPUP = {"_popup", "_to_field"}
"""What the address of a window that another opens has in its query."""
MOST_PAGES = 500
"""More than there are: a crawl without an end is a fault of the test."""


class Links(HTMLParser):
    """The addresses in a page that a browser follows or fetches: links, GET forms, style sheets, scripts, images."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of a tag."""
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type") == "hidden":
            self.fields[values.get("name", "")] = values.get("value", "")
        if tag == "form" and values.get("method", "get").lower() != "get":
            return
        self.found += [values[name] for name in ("href", "src", "action") if name in values]


class Site:
    """A browser of one server: it keeps cookies and follows redirects."""

    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())]
        self._opener = urllib.request.build_opener(*handlers)

    def ask(
        self, address: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, HTTPMessage, str, bytes]:
        """Give status, headers, address after redirects, and body."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(urllib.parse.urljoin(self.root, address), data, headers)
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.url, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, address, error.read()

    def crawl(self, start: str) -> dict[str, int]:
        """Give the status of each address of this server that can be reached from `start`.

        Of a list that can be filtered and ordered, and of pages that remember how it was, one choice at a time is
        followed: all of them together are thousands.
        """
        statuses: dict[str, int] = {}
        waiting = deque([urllib.parse.urljoin(self.root, start)])
        while waiting:
            address = waiting.popleft()
            if address in statuses:
                continue
            assert len(statuses) < MOST_PAGES, sorted(statuses)
            statuses[address], headers, end, body = self.ask(address)
            for link in links(headers.get_content_type(), body.decode()):
                absolute = urllib.parse.urldefrag(urllib.parse.urljoin(end, link)).url
                choices = urllib.parse.parse_qs(urllib.parse.unquote(urllib.parse.urlsplit(absolute).query))
                one_choice = len(choices.keys() - POPUP) < 2 and "." not in "".join(choices.get("o", ()))
                if absolute.startswith(self.root) and one_choice:
                    waiting.append(absolute)
        return {address.removeprefix(self.root): status for address, status in statuses.items()}

    def log_in(self) -> None:
        """Log in to the admin by its form."""
        page = Links()
        page.feed(self.ask("/admin/login/")[3].decode())
        form = page.fields | {"username": NAME, "password": PASSWORD, "next": "/admin/"}
        status, _, end, body = self.ask("/admin/login/", form, Referer=f"{self.root}/admin/login/")
        assert (status, end) == (200, f"{self.root}/admin/"), body.decode()


def links(content_type: str, text: str) -> list[str]:
    """Give the addresses in a document."""
    if content_type == "text/html":
        page = Links()
        page.feed(text)
        return page.found
    if content_type == "text/css":
        return re.findall(r'url\("?([^")]+)"?\)', re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return []


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    root = tmp_path_factory.mktemp("image") / "root"
    return unpack(ARCHIVE, root), root


@pytest.fixture(scope="module")
def site(image: tuple[dict[str, Any], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The image's server, on a read-only root, with a new database that has a librarian."""
    config, root = image
    data = tmp_path_factory.mktemp("data")
    manage(image, data, "migrate", "--no-color")
    with_librarian = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DJANGO_SUPERUSER_EMAIL": "l@example.org"}
    manage(image, data, "createsuperuser", "--noinput", f"--username={NAME}", **with_librarian)
    port = free_port()
    arguments = [*config["config"]["Cmd"], f"--port={port}"]
    with Container(config, root, arguments, volumes={"/data": data}, read_only=True) as container:
        container.connect(port).close()
        yield Site(port)


def manage(image: tuple[dict[str, Any], Path], data: Path, *arguments: str, **env: str) -> str:
    """Run a command of Django's in the image and give its output; it must succeed."""
    config, root = image
    entries = [*config["config"]["Env"], *(f"{name}={value}" for name, value in env.items())]
    changed = {"config": config["config"] | {"Env": entries}}
    with Container(changed, root, arguments, volumes={"/data": data}, read_only=True) as container:
        code, output = container.wait(120)
    assert code == 0, output
    return output


def test_every_link_works(site: Site) -> None:
    statuses = site.crawl("/")
    assert set(statuses.values()) == {200}, statuses
    assert {"/", "/?page=2", "/books/1/", "/authors/2/", "/reviews/", "/calendar/"} <= set(statuses)
    assert any(address.startswith("/static/shelf/quill.") for address in statuses)
    assert any(address.startswith("/static/shelf/shelf.") and address.endswith(".svg") for address in statuses)


def test_every_link_of_the_admin_works(site: Site) -> None:
    site.log_in()
    statuses = site.crawl("/admin/")
    assert set(statuses.values()) == {200}, {a: s for a, s in statuses.items() if s != 200}
    wanted = ("shelf/book/add/", "shelf/book/1/change/", "shelf/author/1/delete/", "auth/user/1/history/", "jsi18n/")
    assert {f"/admin/{page}" for page in wanted} <= set(statuses)
    assert len(statuses) > 80


def test_the_admin_changes_a_book(site: Site) -> None:
    site.log_in()
    page = Links()
    page.feed(site.ask("/admin/shelf/author/add/")[3].decode())
    form = page.fields | {"name": "Mary Shelley", "born": "1797-08-30", "_save": "Save"}
    status, _, end, body = site.ask("/admin/shelf/author/add/", form, Referer=site.root)
    assert (status, end) == (200, f"{site.root}/admin/shelf/author/"), body.decode()
    assert "Mary Shelley" in body.decode()
    status, _, _, body = site.ask("/admin/autocomplete/?term=Mary&app_label=shelf&model_name=book&field_name=author")
    assert status == 200
    assert b"Mary Shelley" in body


def test_pages_of_errors(site: Site) -> None:
    status, _, _, body = site.ask("/no/such/page/")
    assert status == 404
    assert "Not on the shelf" in body.decode()
    assert ".css" in body.decode(), "the page of its own, whose style sheet was collected"
    status, _, _, body = site.ask("/fault/")
    assert status == 500
    assert "A fault of ours" in body.decode()
    assert site.ask("/?page=9")[0] == 404
    assert site.ask("/static/shelf/nothing.css")[0] == 404


def test_plug_ins_their_data_and_the_time_zone(site: Site) -> None:
    assert "Read it twice." in site.ask("/reviews/")[3].decode()
    page = site.ask("/calendar/")[3].decode()
    assert "Zone: Europe/Berlin" in page
    assert re.search(r"today \d\d:\d\d CES?T", page)


def test_the_admin_speaks_other_languages(site: Site) -> None:
    for language, word in {"de": "Passwort", "cs": "Správa webu", "ja": "パスワード"}.items():
        assert word in site.ask("/admin/login/", **{"Accept-Language": language})[3].decode(), language


def test_the_search_form(site: Site) -> None:
    page = site.ask("/?q=mlok")[3].decode()
    assert "Válka s mloky" in page
    assert "1,250,000" in page
    assert "R.U.R." not in page


def test_django_checks_itself(image: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert "no issues" in manage(image, tmp_path / "data", "check")
    assert "No changes detected" in manage(image, tmp_path / "data", "makemigrations", "--check", "--dry-run")


def test_the_entrypoint_needs_no_shell(image: tuple[dict[str, Any], Path]) -> None:
    config, root = image
    assert config["config"]["Entrypoint"] == MANAGE
    assert not {"sh", "bash", "dash", "env"} & {path.name for path in (root / "usr/bin").iterdir()}
    assert not list((root / "app/_main").rglob("manage")), "the start script for machines with a shell stays out"


def test_with_bytecode_nothing_is_compiled(tmp_path: Path) -> None:
    root = tmp_path / "root"
    image = unpack(WITH_BYTECODE, root), root
    (tmp_path / "data").mkdir()
    lines = manage(image, tmp_path / "data", "check", PYTHONVERBOSE="1").splitlines()
    # Python's words for a module that it had to compile, and for one that it had not.
    assert [line for line in lines if re.match("# code object from '/(app|usr/lib)/.*py'", line)] == []
    assert len([line for line in lines if re.match("# /app/.*pyc matches /app/.*py", line)]) > 200
    assert len([line for line in lines if re.match("# /usr/lib/.*pyc matches /usr/lib/.*py", line)]) > 100


def test_it_is_small_and_its_distributions_are_a_layer() -> None:
    with OciArchive(runfile(ARCHIVE)) as archive:
        assert sum(layer["size"] for layer in archive.manifest["layers"]) < 25_000_000
        *_, third_party, application = archive.manifest["layers"]
    assert third_party["size"] > 100 * application["size"]
