"""Requests to an OpenAI-compatible server: limits, retries with backoff, time-outs, counting. The key stays here.

The key is read from the environment when a request is sent, goes into one header, and is taken out of every
message that an error shows: it is never in a setting, a log, the ledger or a dataset.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from anyedit.engines.usage import Meter, Usage
from anyedit.errors import EngineDown, EngineError, RecipeError, require_extra
from anyedit.seeds import rng_of

Item = TypeVar("Item")
Result = TypeVar("Result")
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})  # statuses that a later request may not meet
LONGEST_WAIT = 60.0  # seconds between two tries
NAME = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass(frozen=True)
class Server:
    """Where to ask and how hard. Prices are US dollars (per million tokens; per picture), for the ledger.

    key: the NAME of the environment variable that holds the API key; the key itself is never a setting.
    timeout: seconds a request may take. wait: seconds before the first retry; doubled each time, with jitter.
    concurrency: requests in flight at once, of one worker process.
    """

    model: str = ""
    base_url: str = "https://api.openai.com/v1"
    key: str = "OPENAI_API_KEY"
    timeout: float = 180.0
    retries: int = 5
    wait: float = 1.0
    concurrency: int = 8
    input_price: float = 0.0
    output_price: float = 0.0
    picture_price: float = 0.0
    gathers: ClassVar[bool] = True  # requests of several items go out side by side
    meter: Meter = field(default_factory=Meter, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.key):  # never shown: it may be a key that was pasted here
            raise RecipeError(
                "engines: 'key' names the environment variable that holds the API key (like OPENAI_API_KEY); "
                "what stands there is no such name. Never write a key into a recipe"
            )
        if not self.model:
            raise RecipeError("engines: an openai engine needs 'model', the model's name on the server")
        if not re.match(r"https?://", self.base_url):
            raise RecipeError(f"engines: base_url '{self.base_url}' is no http(s) address")
        if "@" in self.base_url.split("//", 1)[-1].split("/", 1)[0]:
            raise RecipeError(
                "engines: base_url holds a name or password; the key comes from the environment"
            )
        if self.concurrency < 1 or self.retries < 0 or self.timeout <= 0:
            raise RecipeError("engines: concurrency is 1 or more, retries 0 or more, timeout above 0")

    @property
    def version(self) -> str:
        """The model's name and the server's, without path: "gpt-x (api.openai.com)"."""
        host = self.base_url.split("//", 1)[-1].split("/", 1)[0]
        return f"{self.model} ({host})"

    @cached_property
    def _http(self) -> Any:
        with require_extra("openai", "openai engines"):
            import httpx2
        limits = httpx2.Limits(max_connections=self.concurrency)
        return httpx2.Client(timeout=self.timeout, limits=limits, follow_redirects=False)

    @cached_property
    def _slots(self) -> threading.BoundedSemaphore:
        return threading.BoundedSemaphore(self.concurrency)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_http", "_slots", "meter")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, meter=Meter())

    def each(self, do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """`do` for every item, `concurrency` at once, results in order. The first error is raised."""
        if len(items) <= 1:
            return [do(item) for item in items]
        with ThreadPoolExecutor(min(self.concurrency, len(items))) as pool:
            return list(pool.map(do, items))

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        files: Sequence[tuple[str, tuple[str, bytes, str]]] | None = None,
    ) -> dict[str, Any]:
        """The server's JSON answer; `files` makes it a multipart form. Raises EngineError after the retries."""
        url = f"{self.base_url.rstrip('/')}/{path}"
        content: dict[str, Any] = (
            {"json": dict(body)} if files is None else {"data": dict(body), "files": files}
        )
        reason, asked = "", 0.0
        for attempt in range(self.retries + 1):
            if attempt:
                self.meter.add(Usage(retries=1))
                time.sleep(self._pause(attempt, path, asked))
            answer, reason, asked = self._once(url, content)
            if answer is not None:
                self._count(answer)
                return answer
        failed = EngineDown if self._unreached(reason) else EngineError
        raise failed(
            f"{self.version}: {path} gave no answer in {self.retries + 1} tries; the last: {reason}. "
            "See base_url, or raise 'retries', 'timeout' or lower 'concurrency'"
        )

    def _once(self, url: str, content: dict[str, Any]) -> tuple[dict[str, Any] | None, str, float]:
        """The answer; or None, the reason, and the seconds that the server asks to wait. EngineError: no use to retry."""
        import httpx2

        secret = os.environ.get(self.key, "")
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.meter.add(Usage(requests=1))
        try:
            with self._slots:
                response = self._http.post(url, headers=headers, **content)
        except httpx2.TimeoutException:
            return None, f"no answer within {self.timeout:g} s", 0.0
        except httpx2.HTTPError as error:
            return None, self._clean(f"{type(error).__name__}: {error}", secret), 0.0
        said = self._clean(response.text[:400], secret)
        if response.status_code in AGAIN:
            return (
                None,
                f"status {response.status_code}: {said}",
                _seconds(response.headers.get("retry-after")),
            )
        if response.status_code in (401, 403):
            hint = "the key in" if secret else "no key: set"
            raise EngineDown(
                f"{self.version}: status {response.status_code}, {hint} the environment variable {self.key}: {said}"
            )
        if response.status_code >= 300:
            raise EngineError(f"{self.version}: status {response.status_code}: {said}")
        try:
            answer = response.json()
        except ValueError:
            return None, f"the answer is no JSON: {said}", 0.0
        if not isinstance(answer, dict):
            return None, f"the answer is no JSON object: {said}", 0.0
        return answer, "", 0.0

    @staticmethod
    def _unreached(reason: str) -> bool:
        """Whether nobody listens there, which is no fault of this one item."""
        return reason.startswith(("ConnectError", "UnsupportedProtocol"))

    def _clean(self, text: str, secret: str) -> str:
        """The text without the key, should a server or library repeat it."""
        return text.replace(secret, "[key]") if secret else text

    def _pause(self, attempt: int, path: str, asked: float) -> float:
        """Seconds before a retry: doubled each time, half of it by chance so that workers do not come back as one."""
        chance = float(rng_of(os.getpid(), threading.get_ident(), attempt, path, "backoff").random())
        return min(LONGEST_WAIT, max(asked, self.wait * 2 ** (attempt - 1) * (0.5 + chance / 2)))

    def _count(self, answer: dict[str, Any]) -> None:
        used = answer.get("usage")
        used = used if isinstance(used, dict) else {}
        tokens_in = _whole(used.get("prompt_tokens", used.get("input_tokens")))
        tokens_out = _whole(used.get("completion_tokens", used.get("output_tokens")))
        data = answer.get("data")
        pictures = len(data) if isinstance(data, list) else 0
        cost = (tokens_in * self.input_price + tokens_out * self.output_price) / 1e6
        self.meter.add(
            Usage(
                input_tokens=tokens_in,
                output_tokens=tokens_out,
                pictures=pictures,
                cost=cost + pictures * self.picture_price,
            )
        )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _seconds(text: str | None) -> float:
    try:
        return min(LONGEST_WAIT, max(0.0, float(text or 0)))
    except ValueError:
        return 0.0  # an HTTP date: the doubled wait serves
