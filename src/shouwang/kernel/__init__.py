"""Pure values of the field: identifiers, days, names, temperatures, decisions."""
