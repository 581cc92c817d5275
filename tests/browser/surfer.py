"""A browser without a window: it keeps cookies, reads forms as they stand on the page, and sends them."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from justhtml import JustHTML

from tests.browser.served import Served, id_of

Fields = dict[str, list[str]]
BUTTONS = frozenset({"submit", "button", "image", "reset", "file"})
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Answer:
    """A page as it came."""

    status: int
    url: str
    html: str

    @property
    def words(self) -> str:
        """What people read of its main part."""
        main = JustHTML(self.html, sanitize=False).query("main")
        return " ".join(main[0].to_text().split()) if main else ""

    def form(self, action: str) -> Fields:
        """What a browser would send of the form with this action, before anybody types."""
        found = self._forms(action)
        assert found, f"no form leads from {self.url} to {action}"
        sent: Fields = {}
        for name, value in _standing(found[0]):
            sent.setdefault(name, []).append(value)
        return sent

    def has_form(self, action: str) -> bool:
        """Whether a form with this action stands on it."""
        return bool(self._forms(action))

    def _forms(self, action: str) -> list[Any]:
        forms = JustHTML(self.html, sanitize=False).query("form[method=post]")
        return [each for each in forms if ((each.attrs or {}).get("action") or self.url) == action]


@dataclass
class Surfer:
    """Somebody who goes from page to page."""

    served: Served
    cookies: dict[str, str] = field(default_factory=dict)

    def be(self, name: str) -> None:
        """Pick somebody to be."""
        sent = {**self.get("/demo").form("/demo"), "person": [id_of(name)]}
        assert self.post("/demo", sent).status == 303

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, Sequence[str]], files: Iterable[tuple[str, str]] = ()) -> Answer:
        """Send a form. files: (question, name) of papers that go with it."""
        pairs = [(name, value) for name, values in fields.items() for value in values]
        papers = [(question, name, PDF) for question, name in files]
        if papers:
            body, kind = _multipart(pairs, papers)
        else:
            body, kind = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return self._ask("POST", path, body, {"Content-Type": kind})

    def upload(
        self, path: str, fields: Mapping[str, Sequence[str]], question: str, files: Mapping[str, bytes]
    ) -> Answer:
        """Send a form with files chosen for one of its questions."""
        pairs = [(name, value) for name, values in fields.items() for value in values]
        body, kind = _multipart(pairs, [(question, name, data) for name, data in files.items()])
        return self._ask("POST", path, body, {"Content-Type": kind})

    def follow(self, answer: Answer) -> Answer:
        """Where a page that was sent leads to."""
        assert answer.status == 303, answer.words
        return self.get(answer.url)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        there = urlsplit(self.served.url)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**headers, "Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Origin": self.served.url}
        connection = http.client.HTTPConnection(there.hostname or "", there.port, timeout=30)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            html = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for given in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
        assert response.status < 500, f"{method} {path}: {response.status}"
        return Answer(response.status, urljoin(path, response.headers.get("Location") or path), html)


def _standing(form: Any) -> Iterator[tuple[str, str]]:
    for part in form.query("input, textarea, select"):
        name, kind = part.attrs.get("name"), part.attrs.get("type") or "text"
        if not name or kind in BUTTONS:
            continue
        if part.name == "select":
            yield name, _chosen(part)
        elif part.name == "textarea":
            yield name, unescape(part.to_text())
        elif kind not in {"radio", "checkbox"} or "checked" in part.attrs:
            yield name, part.attrs.get("value") or ("on" if kind == "checkbox" else "")


def _chosen(select: Any) -> str:
    options = select.query("option")
    picked = [each for each in options if "selected" in each.attrs] or options[:1]
    return picked[0].attrs.get("value", picked[0].to_text()) if picked else ""


def _multipart(pairs: Sequence[tuple[str, str]], files: Sequence[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    edge = uuid4().hex
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in pairs]
    kind = b"\r\nContent-Type: application/pdf\r\n\r\n"
    parts += [f'name="{question}"; filename="{name}"'.encode() + kind + data for question, name, data in files]
    begin = f"--{edge}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(begin + part + b"\r\n" for part in parts) + f"--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"
