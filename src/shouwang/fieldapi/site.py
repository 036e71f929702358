"""外勤网页 The field app as it is served: the built files, and a policy of their own.

A telephone fetches them once and then keeps them in its service worker, whose scope is /field/; what has a
hash in its name never changes. The page may run WebAssembly (the QR reader) and speak to this server alone.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

BUILT = Path(__file__).resolve().parent / "static" / "field"
PAGE = "index.html"
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, "'wasm-unsafe-eval'"],
    "style-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}
_YEAR = 31_536_000
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".wasm": "application/wasm"}
_held: dict[str, Built] = {}


class SameForAll:
    """The outermost layer: the app's files are the same whatever language or session somebody brings.

    A service worker keeps them under the headers that `Vary` names; one too many, and without a network the phone
    finds nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.path.startswith("/field/"):
            answer["Vary"] = "Accept-Encoding"
        return answer


@dataclass(frozen=True, slots=True)
class Built:
    """One built file, as it is sent."""

    stamp: tuple[int, int]
    body: bytes
    packed: bytes
    kind: str
    tag: str


@require_safe
@csp(POLICY)
def site(request: HttpRequest, path: str = "") -> HttpResponse:
    """The app's page, its service worker, or one of its files. Nobody signs in here: the device does."""
    file = _file(path or PAGE)
    if file is None:
        raise Http404(path)
    answer = HttpResponse(content_type=file.kind)
    answer["ETag"] = file.tag
    lasting = path.startswith("assets/")
    answer["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if lasting else "no-cache"
    if path == "sw.js":
        answer["Service-Worker-Allowed"] = "/field/"
    if request.headers.get("If-None-Match") == file.tag:
        answer.status_code = 304
        return answer
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer["Content-Encoding"] = "gzip"
        answer.content = file.packed
    else:
        answer.content = file.body
    return answer


def _file(path: str) -> Built | None:
    """A file of the build; None where there is none. Read again only where it was built again."""
    found = (BUILT / path).resolve()
    if not found.is_relative_to(BUILT) or not found.is_file():
        return None
    about = found.stat()
    stamp = (about.st_mtime_ns, about.st_size)
    held = _held.get(path)
    if held is None or held.stamp != stamp:
        body = found.read_bytes()
        kind = _TYPES.get(found.suffix) or mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        held = _held[path] = Built(stamp, body, gzip.compress(body, 9, mtime=0), kind, tag)
    return held
