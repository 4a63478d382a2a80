# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Talks to NetBox's REST API over pynetbox: pages, time-outs, bounded retries, and errors for people."""

import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pynetbox  # type: ignore[import-untyped] # it ships no types
import requests
from pynetbox.core.query import Request  # type: ignore[import-untyped] # it ships no types
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from inventories.errors import BadInput, CouldNotFinish
from inventories.netbox.objects import Kind

PAGE = 500
"""Objects asked for at once; NetBox gives at most 1000 unless told otherwise."""

_CONNECT, _READ = 10.0, 120.0
"""Seconds: a batch of a hundred objects takes NetBox some time."""

_RETRIES = 5
_LONGEST_WAIT = 30
_BUSY = frozenset({429, 503})
_BROKEN = frozenset({500, 502, 504})
_REFUSED = frozenset({400, 409})

T = TypeVar("T")
Body = Mapping[str, Any]


class RefusedError(Exception):
    """NetBox does not take what is to be written; the message is what it answers, field by field where it tells."""


class _Retry(Retry):
    """Repeats reads, and writes that were not begun."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: ARG002, FBT001, FBT002 - urllib3's signature
        return bool(self.total) and (status_code in _BUSY or (method == "GET" and status_code in _BROKEN))


class _Adapter(HTTPAdapter):
    """Gives up on a server that does not answer."""

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:  # type: ignore[override] # passed on as they come
        return super().send(request, **{**options, "timeout": (_CONNECT, _READ)})  # type: ignore[arg-type] # see above


class NetBox:
    """One NetBox, reached with one token.

    Every method raises BadInput when the token is wrong or may not do it, CouldNotFinish when NetBox cannot be
    reached or does not answer as NetBox does, and those that write RefusedError.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = _checked(url)
        self._token = token
        self._api = pynetbox.api(self.url, token=token)
        self._session = requests.Session()
        # requests would replace the token by what a .netrc file says for the host, and carry it along redirects.
        self._session.auth = _as_it_is
        self._session.max_redirects = 0
        retry = _Retry(
            total=_RETRIES,
            connect=2,
            read=2,
            allowed_methods={"GET"},
            backoff_factor=0.5,
            backoff_max=_LONGEST_WAIT,
            retry_after_max=_LONGEST_WAIT,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(max_retries=retry))

    def version(self) -> str:
        """Return the version of NetBox, e.g. ``4.7.3``."""
        answer = self._told("its version", self._request("").get_status)
        if not isinstance(answer, dict) or "netbox-version" not in answer:
            raise CouldNotFinish("what answers there is not NetBox", where=self.url)
        return str(answer["netbox-version"])

    def records(self, kind: Kind) -> Iterator[Mapping[str, Any]]:
        """Yield every object of a kind."""
        offset, total = 0, 1
        while offset < total:
            request = self._request(
                kind.endpoint, limit=PAGE, offset=offset, filters={"ordering": "id", "exclude": "config_context"}
            )
            page = self._told(kind.id, lambda request=request: list(request.get()))  # type: ignore[misc] # see mypy 12557
            if any(not isinstance(record, dict) or "id" not in record for record in page):
                raise CouldNotFinish(f"NetBox's answer for {kind.id} is no list of objects", where=self.url)
            yield from page
            offset += len(page)
            total = request.count if page else 0

    def create(self, kind: Kind, bodies: Sequence[Body]) -> list[int]:
        """Make objects, all or none, and return their numbers in the same order."""
        answer = self._told(kind.id, lambda: self._request(kind.endpoint).post([*bodies]))
        return [int(record["id"]) for record in answer]

    def update(self, kind: Kind, bodies: Sequence[Body]) -> None:
        """Change objects, all or none; each body has its ``id`` and the fields that change."""
        self._told(kind.id, lambda: self._request(kind.endpoint).patch([*bodies]))

    def delete(self, kind: Kind, numbers: Sequence[int]) -> None:
        """Delete objects, all or none."""
        self._told(kind.id, lambda: self._request(kind.endpoint).delete([{"id": number} for number in numbers]))

    def _request(self, endpoint: str, **options: object) -> Any:  # noqa: ANN401 - it has no types
        base = f"{self._api.base_url}/{endpoint}"
        return Request(base=base, http_session=self._session, token=self._token, **options)

    def _told(self, what: str, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except pynetbox.RequestError as problem:
            raise self._refusal(what, problem.req) from problem
        except pynetbox.AllocationError as problem:
            raise RefusedError(_said(problem.req)) from problem
        except pynetbox.ContentError as problem:
            hint = "give the address that a browser shows, without /api"
            raise CouldNotFinish(f"the answer for {what} is not NetBox's", where=self.url, hint=hint) from problem
        except requests.exceptions.SSLError as problem:
            hint = "set REQUESTS_CA_BUNDLE to the file of the certificate authority that issued it"
            raise CouldNotFinish(f"the certificate is not trusted: {problem}", where=self.url, hint=hint) from problem
        except requests.exceptions.TooManyRedirects as problem:
            hint = "give the address it redirects to"
            raise CouldNotFinish("NetBox redirects to another address", where=self.url, hint=hint) from problem
        except requests.exceptions.RequestException as problem:
            raise CouldNotFinish(f"NetBox cannot be reached: {problem}", where=self.url) from problem

    def _refusal(self, what: str, response: requests.Response) -> Exception:
        """Return what an answer with an error means."""
        status, said = response.status_code, _said(response)
        if status in _REFUSED:
            return RefusedError(said)
        if status == 401:  # noqa: PLR2004 - as HTTP numbers them
            return BadInput(f"NetBox does not accept the token: {said}", where=self.url)
        if status == 403:  # noqa: PLR2004 - as HTTP numbers them
            hint = "check that the token is valid, may write, and that its user has the permission"
            return BadInput(f"NetBox refuses {what}: {said}", where=self.url, hint=hint)
        if status == 404:  # noqa: PLR2004 - as HTTP numbers them
            hint = "check the address, without /api; edufleet knows NetBox 4.5 to 4.7"
            return CouldNotFinish(f"NetBox has no {what} (404)", where=self.url, hint=hint)
        return CouldNotFinish(f"NetBox fails at {what}: {status} {said}", where=self.url)


def _checked(url: str) -> str:
    """Return the address without a slash at its end; the token is not sent in the clear."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(f"{url!r} is not an address of NetBox", hint="write it as https://netbox.edu.example")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise BadInput(f"{url!r} would send the token unencrypted", hint="write https://")
    return url.rstrip("/")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _said(response: requests.Response) -> str:
    """Return what an answer with an error says, on one line and not too long."""
    try:
        said = _flat(response.json())
    except ValueError:
        said = response.reason
    return said if len(said) < 500 else f"{said[:500]}..."  # noqa: PLR2004 - enough to understand it


def _flat(said: object) -> str:
    """Return an error as NetBox nests it on one line.

    >>> _flat({"slug": ["This field is required."], "detail": "no"})
    'slug: This field is required.; no'
    """
    if isinstance(said, dict):
        # Which of several it was, and how many, is told by the object that the message names.
        if "errors" in said:
            return _flat(said["errors"])
        parts = ((name, _flat(inner)) for name, inner in said.items())
        return "; ".join(
            inner if name in {"detail", "__all__"} else f"{name}: {inner}" for name, inner in parts if inner
        )
    if isinstance(said, list):
        return " ".join(filter(None, map(_flat, said)))
    return said if isinstance(said, str) else json.dumps(said)
