"""The chain of responsibility in words."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.schema import Answer, Lang, Missed, Pack
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of

RUNG_WORDS: dict[str, tuple[str, str, str]] = {
    "district": ("区（县）", "區（縣）", "district"),
    "street": ("街道（镇）", "街道（鎮）", "street or town"),
    "village": ("村（社区）", "村（社區）", "village"),
    "grid": ("网格", "網格", "grid"),
    "household": ("户", "戶", "household"),
}


def chain_sentences(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    """Who answers at each level, who is named to everybody, how a missed check climbs."""
    for level in pack.chain:
        texts = (
            ("{l}：由{t}负责{r}；必须有专人，不得由上级代管。", "{l}：由{t}負責{r}；必須有專人，不得由上級代管。",
             "{l}: {t}{r}; needs somebody of its own.")
            if level.must_have_own
            else ("{l}：由{t}负责{r}；空缺时由上一级代管并标明。", "{l}：由{t}負責{r}；空缺時由上一級代管並標明。",
                  "{l}: {t}{r}; while vacant the next level above answers, visibly.")
        )  # fmt: skip
        told = fill(
            texts,
            lang,
            l=fill(RUNG_WORDS[level.level], lang),
            t=level.title.text(lang),
            r=_roles(pack, level.answers, lang),
        )
        yield Sentence(f"chain.{level.level}", told, level.source, None, text_of(level.convention, lang))
    for person in pack.chain_persons:
        texts = ("每户每人明确{t}{r}。", "每戶每人明確{t}{r}。", "Everybody has a named {t}{r}.")
        told = fill(texts, lang, t=person.title.text(lang), r=_roles(pack, person.answers, lang))
        yield Sentence(
            f"chain-person.{person.code}", told, person.source, None, text_of(person.convention, lang)
        )
    if pack.missed is not None:
        yield from _missed(pack, pack.missed, lang)


def _roles(pack: Pack, answers: tuple[Answer, ...], lang: Lang) -> str:
    """The roles of teams that answer; a role of the chain's own is named by the level's title."""
    titles = {
        (entry.code, role.code): f"{entry.title.text(lang)}·{role.title.text(lang)}"
        for entry in pack.role_sets
        for role in entry.roles
    }
    told = [titles[key] for a in answers if (key := (a.role_set, a.role)) in titles]
    if not told:
        return ""
    glue = " ({r})" if lang == "en" else "（{r}）"
    return glue.format(r=listed(told, lang))


def _missed(pack: Pack, missed: Missed, lang: Lang) -> Iterator[Sentence]:
    roles = {role.code: role.title.text(lang) for teams in pack.role_sets for role in teams.roles}
    texts = (
        "到时未测的，{n}分钟后告知{r}；仍未测的，{m}分钟后逐级上报。",
        "到時未測的，{n}分鐘後告知{r}；仍未測的，{m}分鐘後逐級上報。",
        "A missed check is told after {n} minutes to {r}; still missed it climbs after {m} minutes.",
    )
    told = fill(
        texts,
        lang,
        n=missed.tell_after_minutes,
        r=listed([roles.get(code, code) for code in missed.tell], lang),
        m=listed([str(minute) for minute in missed.climb_after_minutes], lang) or "—",
    )
    yield Sentence("missed", told, missed.source, None, text_of(missed.convention, lang))
