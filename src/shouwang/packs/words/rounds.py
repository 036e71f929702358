"""The round of a pack in words."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.schema import Lang, Pack, Round
from shouwang.packs.words.sentence import Sentence, fill, text_of


def round_sentences(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    """Hours and pace of the round, where the pack says anything about it."""
    if pack.round == Round():
        return
    texts = (
        "巡诊：{c}起先打电话（每户约{k}分钟），再按路线上门（每人约{p}分钟，步行每小时{m}米，"
        "路程按直线的{d}%估算）；药品当晚{e}前送到。",
        "巡診：{c}起先打電話（每戶約{k}分鐘），再按路線上門（每人約{p}分鐘，步行每小時{m}公尺，"
        "路程按直線的{d}%估算）；藥品當晚{e}前送到。",
        "Round: telephone from {c} (about {k} minutes a household), then doors in walking order (about {p} minutes "
        "a person, {m} metres an hour, ways counted as {d} % of the straight line); medicine is there by {e}.",
    )
    kept = pack.round
    told = fill(
        texts,
        lang,
        c=kept.call_from,
        k=kept.minutes_a_call,
        p=kept.minutes_a_person,
        m=kept.metres_an_hour,
        d=kept.detour_percent,
        e=kept.medicine_by,
    )
    yield Sentence("round", told, kept.source, None, text_of(kept.convention, lang))
