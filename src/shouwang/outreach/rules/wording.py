"""What a paper says in sentences: the pack's wording where it has one, else ours.

Wording is data. `{field}` is replaced by the printed value of that field, nothing else is interpreted, and a
field that the paper does not have is refused rather than printed with its braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from shouwang.kernel.errors import Refused
from shouwang.outreach.rules.content import Content, PaperKind
from shouwang.packs.schema import Paper

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and paragraphs of a paper."""

    title: str
    paragraphs: tuple[str, ...]


_DEFAULT = {
    PaperKind.NOTICE: Wording(
        "医学观察告知书",
        (
            "为保护您和家人、邻居的健康，依据{legal_ground}，因{reason}（依据材料：{evidence}），"
            "请您自{start}起至{last}24时止，共{days}天，在{place}接受医学观察。",
            "一、观察期间请不要外出，不接待访客；与同住家人分室居住、分开用餐，常开窗通风，勤洗手。",
            "二、每天测量体温{checks_a_day}次并如实告知，由工作人员上门或电话记录、签名。",
            "三、体温达到{fever_line}℃，或出现发热、咳嗽、乏力、气促、腹泻等不适，请立即联系{contact}，"
            "等候安排就诊，不要自行乘坐公共交通工具。",
            "四、生活物资、日常用药、看病就医、照料老人孩子等需要，请告诉包保人员，由我们上门解决。",
            "五、期满且无异常的，按时解除观察并发给证明。{review}",
            "六、您有权了解本决定的依据，查阅和更正本人信息。如有异议，可向{appeal}提出。",
        ),
    ),
    PaperKind.CERTIFICATE: Wording(
        "解除医学观察证明",
        (
            "兹证明{name}{about}，自{start}起至{last}止在{place}接受医学观察，共{days}天。"
            "观察期间{outcome}，依据{legal_ground}，符合解除条件，自{released_on}起解除医学观察。",
            "解除后可正常生活、出行和返岗。任何单位和个人不得因其曾接受医学观察而歧视，"
            "或者拒绝其返家、通行、就业、就学、就医。",
            "对本证明有疑问的，可向{appeal}查询。",
            "特此证明。",
        ),
    ),
    PaperKind.FILE: Wording("医学观察一人一档", ()),
    PaperKind.DOOR: Wording(
        "温馨提示",
        (
            "本户正在居家医学观察，至{last}止。请暂勿串门，有事请打电话。",
            "需要买菜、买药、就医或者其他帮助，请拨打{contact}。",
            "守望相助，感谢邻里的理解和关照。",
        ),
    ),
    PaperKind.PLEDGE: Wording(
        "居家医学观察承诺书",
        (
            "本人及同住家人已知晓居家医学观察的要求，自愿承诺自{start}起至{last}止：",
            "一、如实告知旅居、接触情况和健康状况，不隐瞒、不谎报。",
            "二、观察期间不外出、不会客、不聚餐，每天早晚测量体温并告知工作人员。",
            "三、出现发热、咳嗽、乏力等不适，立即联系{contact}，听从安排就诊。",
            "四、需要买菜、买药、就医等帮助时，联系包保人员，由工作人员上门解决。",
            "以上承诺本人已阅读，内容清楚，自愿遵守。",
        ),
    ),
}


_IN_PACKS = {
    PaperKind.NOTICE: "observation-notice",
    PaperKind.CERTIFICATE: "release-certificate",
    PaperKind.FILE: "person-file",
    PaperKind.DOOR: "door-notice",
    PaperKind.PLEDGE: "pledge",
}
_ALSO_CALLED = {
    "from": "start",
    "until": "last",
    "checks": "checks_a_day",
    "phone": "contact",
}
"""Short names that packs use for fields."""


IN_CHINESE = {
    **{"office": "单位", "name": "姓名", "sex": "性别", "telephone": "电话", "address": "住址"},
    **{"id_kind": "证件", "id_number": "证件号", "employer": "工作单位", "employer_contact": "单位联系人"},
    **{
        "legal_ground": "依据",
        "reason": "原因",
        "evidence": "依据材料",
        "appeal": "申诉",
        "contact": "联系人",
    },
    **{
        "start": "起日",
        "last": "止日",
        "days": "天数",
        "place": "地点",
        "review": "复核",
        "review_on": "复核日",
    },
    **{"street_cadre": "镇干部", "grid_worker": "村干部", "checks_a_day": "测温次数", "fever_line": "体温线"},
    **{"released_on": "解除日", "outcome": "观察结果", "signed_by": "经办人", "about": "身份"},
    **{"age": "年龄", "household_head": "户主", "category": "类别", "origin": "外出地"},
    **{"returned_on": "返回日", "came_by": "交通工具", "state": "状态"},
}
"""Fields as an office names them; either name may stand in a wording."""
_NAMED = {title: name for name, title in IN_CHINESE.items()}


def field_named(text: str) -> str:
    """The field that a placeholder means, by its own name, a pack's short name or the Chinese one."""
    plain = text.strip().replace("-", "_")
    return _ALSO_CALLED.get(plain, _NAMED.get(plain, plain))


def default_wording(kind: PaperKind) -> Wording:
    """Our wording, for packs without one."""
    return _DEFAULT[kind]


def pack_wording(kind: PaperKind, papers: Iterable[Paper]) -> Wording:
    """The wording of a pack's `papers` in Simplified Chinese, a paragraph a line; else ours."""
    for paper in papers:
        if paper.code == _IN_PACKS[kind]:
            lines = paper.body.text("zh-hans").splitlines()
            return Wording(paper.title.text("zh-hans"), tuple(line.strip() for line in lines if line.strip()))
    return default_wording(kind)


def fill(wording: Wording, content: Content) -> Wording:
    """The wording with every `{field}` replaced. Refuses `paper-field-unknown`."""
    values = _values(content)

    def put(found: re.Match[str]) -> str:
        name = field_named(found.group(1))
        if name not in values:
            raise Refused("paper-field-unknown", field=found.group(1))
        return values[name]

    return Wording(
        PLACEHOLDER.sub(put, wording.title),
        tuple(PLACEHOLDER.sub(put, paragraph) for paragraph in wording.paragraphs),
    )


def chinese_day(day: date | None) -> str:
    """ "2020年2月1日"; empty without a day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _values(content: Content) -> Mapping[str, str]:
    values = {}
    for field in fields(content):
        value = getattr(content, field.name)
        if value is None or isinstance(value, date):
            values[field.name] = chinese_day(value)
        elif not isinstance(value, tuple):
            values[field.name] = str(value)
    values["days"] = str((content.last - content.start).days + 1)
    values["review"] = f"本决定将于{values['review_on']}复核。" if values.get("review_on") else ""
    values["about"] = _about(values)
    return values


def _about(values: Mapping[str, str]) -> str:
    parts = [values.get("sex", "")]
    if number := values.get("id_number"):
        parts.append(f"{values.get('id_kind') or '证件'}号码{number}")
    if address := values.get("address"):
        parts.append(f"住{address}")
    told = "，".join(part for part in parts if part)
    return f"（{told}）" if told else ""
