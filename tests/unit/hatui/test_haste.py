"""News that matters: at once after calm, and the screen is not drawn twenty times a second."""

from __future__ import annotations

from hatui.link.haste import AT_ONCE, LATEST, SOON, Haste


def storm(haste: Haste, now: float, seconds: float) -> tuple[float, int]:
    """News that matters without end; when it is over, and how often it was handed on."""
    end, flushes = now + seconds, 0
    while now < end:
        now += haste.wait(now)
        haste.flushed(now)
        flushes += 1
    return now, flushes


def test_after_calm_at_once_and_then_soon() -> None:
    haste = Haste()
    assert haste.wait(100.0) == AT_ONCE
    haste.flushed(100.02)
    assert SOON <= haste.wait(100.03) < 2 * SOON


def test_a_storm_is_handed_on_ever_more_slowly() -> None:
    haste = Haste()
    now, first = storm(haste, 100.0, 1.0)
    now, later = storm(haste, now, 10.0)
    assert first > 1.0 / LATEST + 2
    assert later <= 10.0 / LATEST + 1
    assert haste.wait(now) == LATEST


def test_after_a_storm_calm_is_calm_again() -> None:
    haste = Haste()
    now, _ = storm(haste, 100.0, 10.0)
    assert haste.wait(now + 2 * LATEST) == AT_ONCE
    haste.flushed(now + 2 * LATEST)
    assert haste.wait(now + 2 * LATEST + 0.01) < 2 * SOON
