"""What every entry of a pack is made of: texts, codes, times, conditions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from shouwang.packs.conditions.tree import Condition, ConditionError, Level, parse, to_raw

Lang = Literal["zh-hans", "zh-hant", "en"]
LANGS: tuple[Lang, ...] = ("zh-hans", "zh-hant", "en")


def _kebab(name: str) -> str:
    return name.strip("_").replace("_", "-")


class Entry(BaseModel):
    """Any part of a pack: frozen, strict, closed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=_kebab, populate_by_name=True
    )


class Texts(Entry):
    """One text in the product's languages. A bare string in a file is the zh-hans text."""

    zh_hans: str = Field(min_length=1)
    zh_hant: str | None = None
    en: str | None = None

    def text(self, lang: Lang) -> str:
        """The text in `lang`, in zh-hans where it was not translated."""
        return {"zh-hans": self.zh_hans, "zh-hant": self.zh_hant, "en": self.en}[lang] or self.zh_hans


def _texts(raw: object) -> object:
    return {"zh-hans": raw} if isinstance(raw, str) else raw


def _condition(*levels: Level) -> tuple[PlainValidator, PlainSerializer]:
    def validate(raw: object) -> Condition:
        try:
            return parse(raw, levels)
        except ConditionError as error:
            context: dict[str, Any] = {"path": error.path, **error.params}
            raise PydanticCustomError(error.code, "{path}", context) from error

    return PlainValidator(validate), PlainSerializer(to_raw)


Title = Annotated[Texts, BeforeValidator(_texts)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A kebab-case code, unique in its list, stable between revisions."""
LocalTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""Wall-clock time in the pack's zone, "HH:MM" up to "24:00"."""
Division = Annotated[str, Field(pattern=r"^[0-9]{2,12}(-[0-9]+)*$")]
"""Division code in path form: "42" is Hubei, "4201" Wuhan, no trailing zeros."""


def in_order(value: dict[date, Any]) -> dict[date, Any]:
    """A dated mapping by day, so that equal policies are equal."""
    return dict(sorted(value.items()))


PersonCondition = Annotated[Condition, *_condition("person")]
AlertCondition = Annotated[Condition, *_condition("person", "check")]
ReleaseCondition = Annotated[Condition, *_condition("person", "case")]
