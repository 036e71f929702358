"""姓名: names as written, and their pinyin for sorting and searching, with surnames read rightly."""

from __future__ import annotations

import re
from functools import lru_cache

from shouwang.kernel.cells import Cell, plain

_SINGLE_LIST = """
单:shan 曾:zeng 区:ou 解:xie 仇:qiu 查:zha 任:ren 朴:piao 盖:ge
缪:miao 翟:zhai 召:shao 冼:xian 洗:xian 员:yun 贠:yun 乜:nie 黑:he
秘:bi 折:she 种:chong 繁:po 覃:qin 晁:chao 宁:ning 乐:yue 牟:mu
逄:pang 隗:wei 郗:xi 谌:chen 盛:sheng 祭:zhai 句:gou 费:fei 贾:jia
瞿:qu 阚:kan 佘:she 厍:she 车:che 仝:tong 阙:que 妫:gui 柏:bai
薄:bo 藏:zang 能:nai 都:du 华:hua 燕:yan 应:ying 於:yu 占:zhan
訾:zi 郇:huan 曲:qu 谷:gu 撒:sa 莘:shen 殷:yin 尉:wei 重:chong
纪:ji 石:shi 沈:shen 葛:ge 褚:chu 俞:yu 那:na 尹:yin 长:zhang
令:ling 叶:ye 万:wan 干:gan 卜:bu 么:yao 阿:a 且:ju 适:kuo
相:xiang 行:xing 角:jue 要:yao 弗:fei 炅:gui 卒:zu 哈:ha 眭:sui
宓:mi 洪:hong 参:shen 麻:ma 强:qiang 幸:xing 邸:di 蕃:pi
"""
_READ_AS_SURNAME = dict(pair.split(":") for pair in _SINGLE_LIST.split())
_COMPOUND_LIST = """
欧阳:ou,yang 尉迟:yu,chi 万俟:mo,qi 长孙:zhang,sun 澹台:tan,tai 鲜于:xian,yu
单于:chan,yu 皇甫:huang,fu 夏侯:xia,hou 诸葛:zhu,ge 司马:si,ma 上官:shang,guan
东方:dong,fang 独孤:du,gu 南宫:nan,gong 慕容:mu,rong 宇文:yu,wen 司徒:si,tu
司空:si,kong 公孙:gong,sun 轩辕:xuan,yuan 钟离:zhong,li 呼延:hu,yan 濮阳:pu,yang
淳于:chun,yu 太史:tai,shi 申屠:shen,tu 公羊:gong,yang 赫连:he,lian 端木:duan,mu
百里:bai,li 东郭:dong,guo 西门:xi,men 闻人:wen,ren 令狐:ling,hu 拓跋:tuo,ba
第五:di,wu 公冶:gong,ye 宗政:zong,zheng 仲孙:zhong,sun 宰父:zai,fu 亓官:qi,guan
司寇:si,kou 子车:zi,ju 颛孙:zhuan,sun 巫马:wu,ma 公西:gong,xi 漆雕:qi,diao
乐正:yue,zheng 壤驷:rang,si 公良:gong,liang 夹谷:jia,gu 段干:duan,gan 东门:dong,men
南门:nan,men 歐陽:ou,yang 諸葛:zhu,ge 司馬:si,ma 東方:dong,fang 尉遲:yu,chi
"""
_COMPOUND = dict(pair.split(":") for pair in _COMPOUND_LIST.split())
_MIDDLE_DOTS = re.compile(r"\s*[·•・‧∙⋅●﹒.]\s*")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323af]")
_HAN_SPACES = re.compile(r"(?<=[㐀-鿿·\U00020000-\U000323af])\s+(?=[㐀-鿿·\U00020000-\U000323af])")
_REMARK = re.compile(r"[((][^()()]*[))]\s*$")


def normalise_name(cell: Cell) -> str:
    """A name in the one form that is stored: "宋 云" → "宋云", "买买提•吐尔逊" → "买买提·吐尔逊".

    "JOHN  Smith" → "JOHN Smith". A trailing remark in brackets ("宋云(户主)") is cut; the rest stays.
    """
    text = _REMARK.sub("", plain(cell)).strip()
    if _HAN.search(text):
        return re.sub(r"\s+", " ", _HAN_SPACES.sub("", _MIDDLE_DOTS.sub("·", text)))
    return re.sub(r"\s+", " ", text)


def surname_length(name: str) -> int:
    """How many characters at the front are the surname: 2 for a compound one, a whole word in Latin."""
    if name[:2] in _COMPOUND and len(name) > 2:
        return 2
    if name and not _HAN.match(name):
        return len(name.split(" ", maxsplit=1)[0])
    return name.index("·") if "·" in name else min(1, len(name))


def syllables(name: str) -> tuple[str, ...]:
    """The toneless pinyin of each character, the surname read as a surname; Latin words as they are."""
    if name[:2] in _COMPOUND and len(name) > 2:
        return (*_COMPOUND[name[:2]].split(","), *_read(name[2:]))
    if "·" not in name and (first := _READ_AS_SURNAME.get(name[:1])):
        return (first, *_read(name[1:]))
    return _read(name)


def sort_key(name: str) -> str:
    """Syllables with a blank between: "单田芳" → "shan tian fang". Sorts as a Chinese list does."""
    return " ".join(syllables(name))


def initials(name: str) -> str:
    """First letters: "单田芳" → "stf", for the search box."""
    return "".join(syllable[0] for syllable in syllables(name))


def _read(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(re.findall(r"[a-z0-9]+", text.lower()))
    found: list[str] = []
    for part in re.findall(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]", text):
        if part.isascii() and part.isalnum():
            found.append(part.lower())
        elif _HAN.match(part):
            found.append(_char(part))
    return tuple(found)


@lru_cache(maxsize=30_000)
def _char(char: str) -> str:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(char)[0].replace("ü", "v").lower()
