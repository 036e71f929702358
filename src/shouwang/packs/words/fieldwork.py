"""The field's limits in words, and what to do at an alarm before anybody answers."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.conditions.words import degrees
from shouwang.packs.schema import Alert, FieldWork, Lang, Pack
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of


def field_sentences(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    """What a telephone in the field holds and how its clock is trusted, where the pack says anything about it."""
    kept = pack.field
    if kept == FieldWork():
        return
    held = (
        "外勤手机：每台最多存{h}户和{h}户门的名单，今天起{d}天；每班{s}小时，到时名单锁住，联网后重新取得；"
        "密码连错{p}次，名单删除，未上传的记录不删；最后一条可在{u}秒内撤销。",
        "外勤手機：每臺最多存{h}戶和{h}戶門的名單，今天起{d}天；每班{s}小時，到時名單鎖住，連網後重新取得；"
        "密碼連錯{p}次，名單刪除，未上傳的記錄不刪；最後一條可在{u}秒內撤銷。",
        "Telephones in the field hold {h} households and {h} doors at most, for {d} days from today; a shift is {s} "
        "hours, then the list is locked until the server is asked again; after {p} wrong PINs in a row the list is "
        "deleted, what was not sent is not; the last entry can be undone for {u} seconds.",
    )
    told = fill(
        held,
        lang,
        h=kept.households_most,
        d=kept.days,
        s=kept.shift_hours,
        p=kept.pin_tries,
        u=kept.undo_seconds,
    )
    why = text_of(kept.convention, lang)
    yield Sentence("field", told, kept.source, None, why)
    clocks = (
        "手机时钟差{f}分钟以内，以手机为准；超过的按服务器时间换算并注明；差到{q}分钟以上的，记录照收，"
        "日期由人核定。",
        "手機時鐘差{f}分鐘以內，以手機為準；超過的按伺服器時間換算並註明；差到{q}分鐘以上的，記錄照收，"
        "日期由人核定。",
        "A telephone's clock is believed within {f} minutes; beyond, the server's time is reckoned and that is said; "
        "beyond {q} minutes the record is taken and its date waits for a person.",
    )
    told = fill(clocks, lang, f=kept.clock_flag_minutes, q=kept.clock_quarantine_minutes)
    yield Sentence("field.clock", told)
    if kept.likely:
        buttons = (
            "体温快捷键：{r}。",
            "體溫快捷鍵：{r}。",
            "Readings offered as buttons: {r}.",
        )
        told = fill(buttons, lang, r=listed([degrees(one) for one in kept.likely], lang))
        yield Sentence("field.likely", told)


def at_the_door(pack: Pack, alert: Alert, lang: Lang) -> str:
    """What whoever is at the door does at once: the pack's words, else that those it names are told."""
    if alert.do is not None:
        return alert.do.text(lang)
    roles = {role.code: role.title.text(lang) for teams in pack.role_sets for role in teams.roles}
    texts = ("立即告知{r}。", "立即告知{r}。", "Tell the {r} at once.")
    return fill(texts, lang, r=listed([roles.get(code, code) for code in alert.tell], lang))
