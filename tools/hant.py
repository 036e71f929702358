"""zh_Hans → zh_Hant by OpenCC (s2twp: characters and Taiwan's words), and en as identity. Development time.

    python tools/hant.py
"""

from __future__ import annotations

from messages import catalogue, fresh, rooms, save
from opencc import OpenCC

def main() -> None:
    convert = OpenCC("s2twp").convert
    for room in rooms():
        source = catalogue(room, "zh_Hans")
        hant, en = fresh("zh_Hant"), fresh("en")
        english = catalogue(room, "en")
        for message in source:
            if not message.id:
                continue
            words = message.string
            hant.add(message.id, string=tuple(map(convert, words)) if isinstance(words, tuple) else convert(words))
            held = english.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            by_hand = held.string if held and held.string and "by hand" in held.user_comments else None
            en.add(
                message.id,
                string=by_hand or message.id,
                user_comments=["by hand"] if by_hand else [],
            )
        save(room, "zh_Hant", hant)
        save(room, "en", en)


if __name__ == "__main__":
    main()
