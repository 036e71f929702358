"""Sentences of the evening: hours, reasons, forms, the three clears."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.schema import Clear, Evening, Lang, Pack, ReportForm
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of


def evening_sentences(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    """By when who closes the day, what is sent, and what must be clear."""
    if pack.evening is not None:
        yield from _hours(pack.evening, lang)
    for form in pack.report_forms:
        yield _form(form, lang)
    for clear in pack.clears:
        yield _clear(clear, lang)


def _hours(evening: Evening, lang: Lang) -> Iterator[Sentence]:
    hours = evening.close_by
    told = fill(
        (
            "每日收日：网格{g}前、村（社区）{v}前、镇（街道）{t}前、区（县）{c}前；{m}开会。",
            "每日收日：網格{g}前、村（社區）{v}前、鎮（街道）{t}前、區（縣）{c}前；{m}開會。",
            "The day is closed by {g} in grids, {v} in villages, {t} in towns, {c} in the county; meeting at {m}.",
        ),
        lang,
        **{"g": hours.grid, "v": hours.village, "t": hours.town, "c": hours.county, "m": evening.meeting},
    )
    yield Sentence("evening", told, evening.source, None, text_of(evening.convention, lang))
    reasons = listed([reason.title.text(lang) for reason in evening.reasons], lang)
    texts = (
        "未办结的事项逐件或者成批写明原因：{r}；并写明次日由谁接办。",
        "未辦結的事項逐件或者成批寫明原因：{r}；並寫明次日由誰接辦。",
        "What is not done gets a reason, one by one or in bulk: {r}; and who takes it tomorrow.",
    )
    yield Sentence("evening.reason", fill(texts, lang, r=reasons))


def _form(form: ReportForm, lang: Lang) -> Sentence:
    count = sum(len(section.lines) for section in form.sections)
    texts = (
        "{t}：{n}项指标，由同一份数据生成。",
        "{t}：{n}項指標，由同一份數據生成。",
        "{t}: {n} figures, made from the one entry.",
    )
    told = fill(texts, lang, t=form.title.text(lang), n=count)
    return Sentence(f"report-form.{form.code}", told, form.source, None, text_of(form.convention, lang))


def _clear(clear: Clear, lang: Lang) -> Sentence:
    texts = (
        "{t}：按{n}项标准核对，全部为零即为清。",
        "{t}：按{n}項標準核對，全部為零即為清。",
        "{t}: checked by {n} criteria; clear when nothing is left on any.",
    )
    told = fill(texts, lang, t=clear.title.text(lang), n=len(clear.criteria))
    return Sentence(f"clear.{clear.code}", told, clear.source, None, text_of(clear.convention, lang))
