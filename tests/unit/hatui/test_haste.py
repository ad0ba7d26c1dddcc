"""News that matters: at once after calm, and the screen is not drawn twenty times a second."""

from __future__ import annotations

from hatui.link.haste import AT_ONCE, FLURRY, LATEST, SOON, Haste


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
    assert haste.wait(100.03) == SOON


def test_what_an_order_leads_to_is_handed_on_as_soon_as_its_beginning() -> None:
    haste = Haste()
    haste.wait(100.0)
    for step in range(1, 8):
        haste.flushed(100.0 + step / 10)
        assert haste.wait(100.01 + step / 10) == SOON


def test_what_comes_now_and_then_is_no_storm() -> None:
    haste = Haste()
    for step in range(100):
        haste.flushed(100.0 + step * LATEST)
    assert haste.wait(100.0 + 99 * LATEST + 0.01) == SOON


def test_a_storm_is_handed_on_ever_more_slowly() -> None:
    haste = Haste()
    now, first = storm(haste, 100.0, FLURRY)
    now, _ = storm(haste, now, 1.0)
    now, later = storm(haste, now, 10.0)
    assert first > FLURRY / SOON / 2
    assert later <= 10.0 / LATEST + 1
    assert haste.wait(now) == LATEST


def test_after_a_storm_calm_is_calm_again() -> None:
    haste = Haste()
    now, _ = storm(haste, 100.0, 10.0)
    assert haste.wait(now + 2 * LATEST) == AT_ONCE
    haste.flushed(now + 2 * LATEST)
    assert haste.wait(now + 2 * LATEST + 0.01) == SOON
