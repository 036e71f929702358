"""What the cells of a column look like, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from shouwang.kernel.cells import Cell, plain

_ID = re.compile(r"^\d{6}\s?(19|20)\d{2}[01]\d[0-3]\d\s?\d{3}[\dXx]$")
_PHONE = re.compile(r"^(\+?86[\s-]*)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(\.0)?([/、,;\s].*)?$")
_DATE = re.compile(
    r"^((20|19)\d\d[年./-]?\d{1,2}[月./-]?\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]?|\d{1,2}[./-]\d{1,2}"
    r"|(农历)?[正腊冬]月.{1,3}|大?年?初.|除夕)$"
)
_NAME = re.compile(r"^[一-鿿]{2,4}$|^[一-鿿]\s+[一-鿿]$")
_RELATION = re.compile(
    r"^(户主|本人|配偶|妻子?|夫|丈夫|长?子|[长次三]?女|儿子|女儿|父亲?|母亲?|儿媳|女婿|孙[子女]?|外孙女?|公公|婆婆"
    r"|岳[父母]|兄|弟|姐|妹|之[子女妻夫父母]|[长次三]子|媳妇?|侄[子女]?|其他)$"
)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁"
    "蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙"
    "荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强"
    "帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆"
    "茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)  # fmt: skip


class Evidence(Struct, frozen=True):
    """How many cells were filled, and which share of them look like each kind of value."""

    count: int
    shares: dict[str, float]

    def share(self, field: str) -> float | None:
        """The share for `field`; None when values say nothing about such a field."""
        if field in ("returned_on", "left_on", "born_on", "watch_from", "watch_until"):
            field = "date"
        return self.shares.get(field)

    def strongest(self) -> tuple[str, float]:
        """The field that the values alone would name (never a name or a date: those need a header)."""
        firm = {field: self.shares.get(field, 0.0) for field in ("id_no", "phone", "sex", "relation")}
        best = max(firm, key=lambda field: firm[field])
        return best, firm[best]


def weigh(cells: Sequence[Cell]) -> Evidence:
    """Weigh the filled cells of a column."""
    counts = dict.fromkeys(("id_no", "phone", "sex", "relation", "name", "date"), 0)
    filled = 0
    for cell in cells:
        if cell is None or cell == "":
            continue
        filled += 1
        for field in _looks(cell):
            counts[field] += 1
    return Evidence(filled, {field: count / filled if filled else 0.0 for field, count in counts.items()})


_SHAPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_ID, ("id_no",)),
    (_PHONE, ("phone",)),
    (_DATE, ("date",)),
    (re.compile("^女$"), ("sex", "relation")),
    (re.compile("^男$"), ("sex",)),
    (_RELATION, ("relation",)),
)


def _looks(cell: Cell) -> tuple[str, ...]:
    if isinstance(cell, date):
        return ("date",)
    if isinstance(cell, float) and cell >= 1e16:
        return ("id_no",)
    text = plain(cell)
    for shape, kinds in _SHAPES:
        if shape.match(text):
            return kinds
    return ("name",) if _NAME.match(text) and text[0] in SURNAMES else ()
