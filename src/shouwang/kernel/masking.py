"""脱敏: how personal values look on lists, the way offices do it on paper they post on a wall."""

from __future__ import annotations


def mask_id(value: str) -> str:
    """Keep the province digits and the last four: "500101195206112650" → "500***********2650".

    Short documents (passports) keep the first and the last two; anything shorter is hidden whole.
    """
    if len(value) >= 12:
        return value[:3] + "*" * (len(value) - 7) + value[-4:]
    if len(value) >= 6:
        return value[0] + "*" * (len(value) - 3) + value[-2:]
    return "*" * len(value)


def mask_telephone(value: str) -> str:
    """Keep the first three and the last four digits: "+8613812345678" or "13812345678" → "138****5678"."""
    number = value.removeprefix("+86")
    if len(number) >= 10:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    if len(number) >= 5:
        return "*" * (len(number) - 2) + number[-2:]
    return "*" * len(number)


def mask_name(name: str) -> str:
    """Keep the surname: "宋云" → "宋*", "欧阳小云" → "欧阳**". Only where a page asks for it."""
    from shouwang.kernel.names import surname_length

    kept = surname_length(name)
    return name[:kept] + "*" * (len(name) - kept)
