"""What a phone lacks: applied to what it holds, it holds exactly what it must."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shouwang.devices.rules import difference, digest_of

LISTS = st.dictionaries(st.sampled_from([f"home/{n}" for n in range(6)]), st.binary(max_size=2))


@given(before=st.none() | LISTS, now=LISTS)
def test_what_is_held_and_the_difference_make_what_must_be_held(
    before: dict[str, bytes] | None, now: dict[str, bytes]
) -> None:
    def digests(docs: dict[str, bytes]) -> dict[str, str]:
        return {key: digest_of(content) for key, content in docs.items()}

    found = difference(None if before is None else digests(before), digests(now))
    phone = {} if found.full or before is None else dict(before)
    for key in found.gone:
        del phone[key]
    phone |= {key: now[key] for key in found.changed}
    assert phone == now
    assert found.is_empty == (before == now)


@given(now=LISTS)
def test_nothing_is_sent_twice(now: dict[str, bytes]) -> None:
    digests = {key: digest_of(content) for key, content in now.items()}
    assert difference(digests, digests).is_empty
