"""Writing people. `admit_people` is the one door for many; the others change one person at a time."""

from shouwang.people.actions.counting import count_register
from shouwang.people.actions.dividing import (
    MovedHome,
    columns_of,
    follow_doors,
    give_dwellings,
)
from shouwang.people.actions.numbers import replace_identifier, replace_telephone
from shouwang.people.actions.persons import (
    CORRECTABLE,
    TAIL_LENGTH,
    NewHousehold,
    NewIdentifier,
    NewPerson,
    NewTelephone,
    add_household,
    add_identifiers,
    add_telephones,
    admit_people,
    correct_person,
    mark_person,
    move_person,
    withdraw_people,
)
from shouwang.people.actions.revealing import reveal_person, reveal_telephones

__all__ = [
    "CORRECTABLE",
    "TAIL_LENGTH",
    "MovedHome",
    "NewHousehold",
    "NewIdentifier",
    "NewPerson",
    "NewTelephone",
    "add_household",
    "add_identifiers",
    "add_telephones",
    "admit_people",
    "columns_of",
    "correct_person",
    "count_register",
    "follow_doors",
    "give_dwellings",
    "mark_person",
    "move_person",
    "replace_identifier",
    "replace_telephone",
    "reveal_person",
    "reveal_telephones",
    "withdraw_people",
]
