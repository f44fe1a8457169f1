"""Waiting for what a page does. Playwright's own `wait_for_function` needs eval in the page, which its policy forbids."""

from __future__ import annotations

from typing import Any


def settled(page: Any) -> None:
    """The view that the address names is there."""
    page.wait_for_selector("main:not([aria-busy])")


def until(page: Any, script: str, tries: int = 2400) -> Any:
    """The script's value, once it is true."""
    for _ in range(tries):
        found = page.evaluate(script)
        if found:
            return found
        page.wait_for_timeout(25)
    shown = page.locator("body").inner_text()
    raise AssertionError(f"never true: {script}; the page shows:\n{shown[:2000]}")
