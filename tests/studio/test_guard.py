"""Who may ask a studio, and for what."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anyedit.studio.application import PAGE, create_app
from anyedit.studio.desk import Desk
from anyedit.studio.guard import MOST_BYTES
from anyedit.studio.roots import StudioError
from anyedit.studio.serve import open_studio

OURS = {"x-anyedit": "1"}


def client(folder: Path, token: str = "", base: str = "http://127.0.0.1:7860") -> TestClient:
    return TestClient(create_app(Desk([folder]), token), base_url=base, follow_redirects=False)


def test_only_this_machine_by_its_own_name(tmp_path: Path) -> None:
    assert client(tmp_path).get("/api/about").status_code == 200
    assert client(tmp_path, base="http://localhost:7860").get("/").status_code == 200
    rebound = client(tmp_path, base="http://evil.example:7860").get("/api/about")
    assert rebound.status_code == 403 and "evil.example" in rebound.json()["error"]


def test_another_address_needs_a_token(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="--token"):
        open_studio([tmp_path], host="0.0.0.0")
    there = client(tmp_path, "word", "http://192.168.0.7:7860")
    assert there.get("/").status_code == there.get("/page/app.js").status_code == 401
    assert there.get("/?token=wrong").status_code == 401
    moved = there.get("/browse?set=a&token=word")
    assert (moved.status_code, moved.headers["location"]) == (303, "/browse?set=a")
    assert "HttpOnly" in moved.headers["set-cookie"] and "SameSite=strict" in moved.headers["set-cookie"]
    assert there.get("/api/about").status_code == 200  # by the cookie


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({**OURS, "origin": "http://evil.example"}, 403),
        ({**OURS, "origin": "null"}, 403),
        ({**OURS, "origin": "http://127.0.0.1:7860"}, 404),  # let through: there is no such address
    ],
)
def test_only_our_page_may_change_something(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    assert client(tmp_path).post("/api/nothing", json={}, headers=headers).status_code == status


def test_uploads_are_limited_also_when_their_length_is_not_told(tmp_path: Path) -> None:
    there = client(tmp_path)
    assert there.post("/api/x", content=b"0" * (MOST_BYTES + 1), headers=OURS).status_code == 413
    streamed = (b"0" * (1 << 20) for _ in range(MOST_BYTES // (1 << 20) + 1))
    assert there.post("/api/x", content=streamed, headers=OURS).status_code == 413
    assert there.delete("/api/x").status_code == 405


def test_no_file_but_the_pages_own(tmp_path: Path) -> None:
    there = client(tmp_path)
    for path in ("/page/../application.py", "/page/%2e%2e%2fapplication.py", "/page/..%2f..%2f__init__.py"):
        assert there.get(path).status_code == 404
    answer = there.get("/")
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_page_names_no_other_machine() -> None:
    for file in PAGE.iterdir():
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, file.name
        assert "@import" not in text and "url(" not in text, file.name
