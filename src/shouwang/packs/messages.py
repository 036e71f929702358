"""Sentences for the problems of a pack: (zh-hans, zh-hant, en) by code."""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str, str]] = {
    "pack-too-large": (
        "文件过大（{bytes} 字节）",
        "檔案過大（{bytes} 位元組）",
        "the file is too large ({bytes} bytes)",
    ),
    "pack-unreadable": (
        "不是 TOML 或 YAML：{reason}",
        "不是 TOML 或 YAML：{reason}",
        "neither TOML nor YAML: {reason}",
    ),
    "entry-missing": ("缺少此项（{reason}）", "缺少此項（{reason}）", "is missing ({reason})"),
    "entry-unknown": ("没有这个项目", "沒有這個項目", "there is no such entry"),
    "entry-wrong": ("内容不对：{reason}", "內容不對：{reason}", "is not as it should be: {reason}"),
    "zone-unknown": ("没有时区“{zone}”", "沒有時區「{zone}」", 'there is no time zone "{zone}"'),
    "code-twice": ("代码“{code}”重复", "代碼「{code}」重複", 'the code "{code}" is given twice'),
    "reference-missing": (
        "{kind} 中没有“{code}”",
        "{kind} 中沒有「{code}」",
        'there is no {kind} "{code}" in this pack',
    ),
    "role-under-unknown": (
        "带领者“{code}”须是同组中写在前面的角色",
        "帶領者「{code}」須是同組中寫在前面的角色",
        'the role "{code}" it serves under must stand before it in the same set',
    ),
    "clock-order": (
        "时钟偏差先标记（{flag} 分钟），后留待人工（{keep} 分钟），须前小后大",
        "時鐘偏差先標記（{flag} 分鐘），後留待人工（{keep} 分鐘），須前小後大",
        "a clock is flagged ({flag} minutes) before what it says is kept for a person ({keep} minutes)",
    ),
    "alert-idle": (
        "警报“{code}”看“{leaf}”，但警报只看当次检查和本人情况，不看行程和接触，不会因此发出",
        "警報「{code}」看「{leaf}」，但警報只看當次檢查和本人情況，不看行程和接觸，不會因此發出",
        'the alert "{code}" asks for "{leaf}"; alerts look at the check and the person, not at journeys or exposures',
    ),
    "chain-order": (
        "各级须由上到下排列（{order}）",
        "各級須由上到下排列（{order}）",
        "levels must stand from above to below ({order})",
    ),
    "quorum-too-large": (
        "要求 {wanted} 个角色，但角色组只有 {size} 个",
        "要求 {wanted} 個角色，但角色組只有 {size} 個",
        "asks for {wanted} roles, but the role set has {size}",
    ),
    "value-wrong-type": (
        "“{code}”的类型不合（日期或数字）",
        "「{code}」的類型不合（日期或數字）",
        '"{code}" has the wrong type here (a day or a number)',
    ),
    "value-begins-late": (
        "“{code}”自 {first} 起才有值，但方案自 {begin} 起施行",
        "「{code}」自 {first} 起才有值，但方案自 {begin} 起施行",
        '"{code}" has no value before {first}, but the pack begins on {begin}',
    ),
    "positive-unheard": (
        "阶段“{stage}”有检测，但没有检测阳性的警报",
        "階段「{stage}」有檢測，但沒有檢測陽性的警報",
        'stage "{stage}" asks for tests, but no alarm is raised by a positive one',
    ),
    "ladder-order": (
        "失败次数须逐级增加（{before} 之后是 {after}）",
        "失敗次數須逐級增加（{before} 之後是 {after}）",
        "each step comes after more failures than the one before ({after} follows {before})",
    ),
    "effect-not-of-question": (
        "“{kind}”类问题的回答不能成为“{fact}”",
        "「{kind}」類問題的回答不能成為「{fact}」",
        'the answer to a question of kind "{kind}" cannot become a "{fact}"',
    ),
    "stage-overlap": (
        "与阶段“{other}”在第 {day} 天重叠",
        "與階段「{other}」在第 {day} 天重疊",
        'overlaps stage "{other}" on day {day}',
    ),
    "stage-gap": (
        "第 {from} 天至第 {to} 天没有阶段",
        "第 {from} 天至第 {to} 天沒有階段",
        "days {from} to {to} belong to no stage",
    ),
    "days-backwards": ("末日早于首日", "末日早於首日", "the last day is before the first"),
    "due-count": (
        "写了 {due} 个时点，但每天检查 {checks} 次",
        "寫了 {due} 個時點，但每天檢查 {checks} 次",
        "names {due} times for {checks} checks a day",
    ),
    "due-order": ("时点须由早到晚，不重复", "時點須由早到晚，不重複", "times must rise and differ"),
    "day-outside-stage": (
        "第 {day} 天不在本阶段内",
        "第 {day} 天不在本階段內",
        "day {day} is outside the stage",
    ),
    "restriction-incomplete": (
        "“{protocol}”限制人员，须写明依据、证据、复核期限和申诉渠道",
        "「{protocol}」限制人員，須寫明依據、證據、覆核期限和申訴管道",
        '"{protocol}" restricts people: it needs a legal ground, evidence, a review date and a way to appeal',
    ),
    "origin-alone": (
        "“{category}”仅凭来源地限制人员，须有书面且有期限的命令（order）",
        "「{category}」僅憑來源地限制人員，須有書面且有期限的命令（order）",
        '"{category}" restricts people on place of origin alone: it needs a written, expiring order',
    ),
    "hours-climb": (
        "上级收日不得早于下级（网格、村、镇、区）",
        "上級收日不得早於下級（網格、村、鎮、區）",
        "a level may not close before those below it (grid, village, town, county)",
    ),
    "source-missing": (
        "“{code}”未写出处",
        "「{code}」未寫出處",
        '"{code}" has no source, and no convention says that the choice is ours',
    ),
    "translation-missing": ("缺少译文：{langs}", "缺少譯文：{langs}", "no translation: {langs}"),
    "rank-twice": (
        "与“{other}”的次序同为 {rank}",
        "與「{other}」的次序同為 {rank}",
        'has the rank {rank} of "{other}"',
    ),
    "category-unreachable": (
        "条件与“{other}”相同，不会有人归入此类",
        "條件與「{other}」相同，不會有人歸入此類",
        'nobody can fall into it: its condition is that of "{other}", which comes first',
    ),
    "ledger-empty": (
        "“{code}”没有条件，也没有类别归入",
        "「{code}」沒有條件，也沒有類別歸入",
        '"{code}" has no condition, and no category names it',
    ),
    "message-personal": (
        "消息里不能有“{name}”：消息会在群里转发，不得带证件号、电话、地址、病情",
        "訊息裡不能有「{name}」：訊息會在群裡轉發，不得帶證件號、電話、地址、病情",
        'a message must not hold "{name}": it goes round in groups, so no id, telephone, address or diagnosis',
    ),
    "message-placeholder-unknown": (
        "没有“{name}”这个占位符；可用：{known}",
        "沒有「{name}」這個佔位符；可用：{known}",
        'there is no placeholder "{name}"; there are: {known}',
    ),
    "message-braces": ("大括号不成对", "大括號不成對", "the braces do not match"),
    "condition-not-a-table": ("此处应为一个条件", "此處應為一個條件", "a condition is expected here"),
    "condition-empty": ("条件是空的", "條件是空的", "the condition is empty"),
    "condition-needs-a-list": (
        "此处应为条件的列表",
        "此處應為條件的列表",
        "a list of conditions is expected",
    ),
    "condition-unknown-word": (
        "条件中没有“{word}”这个词",
        "條件中沒有「{word}」這個詞",
        'conditions have no word "{word}"',
    ),
    "condition-wrong-level": (
        "“{word}”说的是 {level}，不能用在这里",
        "「{word}」說的是 {level}，不能用在這裡",
        '"{word}" speaks of a {level} and cannot stand here',
    ),
    "condition-ambiguous-not": (
        "请写明是“没有一次外出…”（not = {{ trip = … }}）还是“有一次外出并非…”（trip = {{ not = … }}）",
        "請寫明是「沒有一次外出…」（not = {{ trip = … }}）還是「有一次外出並非…」（trip = {{ not = … }}）",
        'say whether "no trip is such" (not = {{ trip = … }}) or "a trip is not such" (trip = {{ not = … }})',
    ),
    "condition-needs-places": (
        "应为地区代码或地区名的列表",
        "應為地區代碼或地區名的列表",
        "a list of division codes or area names is expected",
    ),
    "condition-needs-codes": ("应为代码的列表", "應為代碼的列表", "a list of codes is expected"),
    "condition-needs-date": (
        "应为日期（YYYY-MM-DD）或日期值的名称",
        "應為日期（YYYY-MM-DD）或日期值的名稱",
        "a day (YYYY-MM-DD) or the name of a dated value is expected",
    ),
    "condition-needs-int": (
        "应为非负整数或数值的名称",
        "應為非負整數或數值的名稱",
        "a whole number or the name of a dated value is expected",
    ),
    "condition-needs-true": ("此处只能写 true", "此處只能寫 true", "only true can stand here"),
    "condition-needs-days": (
        "应为天数、数值名称或 true（全部天数）",
        "應為天數、數值名稱或 true（全部天數）",
        "a number of days, the name of a value, or true (all of them) is expected",
    ),
}
