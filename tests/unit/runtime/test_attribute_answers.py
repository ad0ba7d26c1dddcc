"""What an agent's tool may say to the LRM: nothing of it ends the LRM."""

from __future__ import annotations

import json

from hanode.runtime.attribute_answers import answer


def test_a_delay_beyond_all_numbers_is_no_question() -> None:
    question = b'{"set": "a", "value": "1", "delay": 1' + b"0" * 400 + b"}"
    told = json.loads(answer(question, lambda *_: None, lambda _: None))
    assert told == {"ok": False, "error": "not a question"}
