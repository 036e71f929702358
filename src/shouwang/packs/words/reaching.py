"""Sentences of how people are reached: the ladder, the scripts, and what the answers become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwang.packs.conditions.words import pick
from shouwang.packs.schema import Effect, Lang, Pack, Question, Script
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of

_FACTS: Mapping[str, tuple[str, str, str]] = {
    "trip": ("记为行程，重新分类", "記為行程，重新分類", "becomes a trip and the person is classified again"),
    "exposure": (
        "记为接触，重新分类",
        "記為接觸，重新分類",
        "becomes an exposure and the person is classified again",
    ),
    "check": (
        "在观察的记为一次电话检查并按警报规则报告，不在观察的列入待核实",
        "在觀察的記為一次電話檢查並按警報規則報告，不在觀察的列入待核實",
        "becomes a check by telephone of whoever is observed, with its alarms; of others, something to verify",
    ),
    "verify": ("列入待核实", "列入待核實", "goes on the to-verify list"),
    "away": ("记入外出务工名单", "記入外出務工名單", "is noted on the list of workers away"),
    "visits": ("留守家人列入走访", "留守家人列入走訪", "those left at home are to be visited"),
}


def ladder_sentences(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    """After which failures which channel, and by when."""
    for step in pack.ladder_steps:
        if step.after_failures == 0:
            texts = (
                "首先{t}；没有见到人的，{h}小时内进行下一步。",
                "首先{t}；沒有見到人的，{h}小時內進行下一步。",
                "First: {t}, within {h} hours.",
            )
        else:
            texts = (
                "连续{n}次没有联系上的，{h}小时内{t}。",
                "連續{n}次沒有聯絡上的，{h}小時內{t}。",
                "After {n} failures in a row: {t}, within {h} hours.",
            )
        given = {"t": step.title.text(lang), "n": step.after_failures, "h": step.within_hours}
        yield Sentence(
            f"ladder-step.{step.channel}",
            fill(texts, lang, **given),
            step.source,
            None,
            text_of(step.convention, lang),
        )


def script_sentences(script: Script, lang: Lang) -> Iterator[Sentence]:
    """What is asked, in order, and what an answer becomes."""
    asked = " ".join(f"{i}. {q.text.text(lang)}" for i, q in enumerate(script.questions, 1))
    glue = "{t}: {q}" if lang == "en" else "{t}：{q}"
    told = glue.format(t=script.title.text(lang), q=asked)
    yield Sentence(f"script.{script.code}", told, script.source, None, text_of(script.convention, lang))
    for number, question in enumerate(script.questions, 1):
        for effect in question.effects:
            texts = (
                "第{n}问{a}，{f}。",
                "第{n}問{a}，{f}。",
                "Question {n}, {a}: {f}.",
            )
            given = {"n": number, "a": _answers(question, effect, lang), "f": pick(_FACTS[effect.fact], lang)}
            yield Sentence(f"script.{script.code}.{question.code}", fill(texts, lang, **given))


def _answers(question: Question, effect: Effect, lang: Lang) -> str:
    if not effect.answer:
        return pick(("有所回答的", "有所回答的", "anything answered"), lang)
    titles = {choice.code: choice.title.text(lang) for choice in question.choices}
    titles |= {code: pick(words, lang) for code, words in _YES_NO.items()}
    told = listed([titles.get(code, code) for code in effect.answer], lang)
    return fill(("答“{a}”的", "答「{a}」的", 'answered "{a}"'), lang, a=told)


_YES_NO: Mapping[str, tuple[str, str, str]] = {
    "yes": ("是", "是", "yes"),
    "no": ("否", "否", "no"),
    "unknown": ("不清楚", "不清楚", "not known"),
}
