"""Contracts of our own for import-linter (`[tool.importlinter] contract_types`)."""

from __future__ import annotations

import grimp
from importlinter import Contract, ContractCheck, output


class OwnModels(Contract):
    """The tables of a room are imported by that room alone. Holds for every room, also one made tomorrow."""

    type_name = "own_models"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - the linter's signature
        foreign = [
            (importer, imported)
            for imported in sorted(graph.modules)
            if "models" in imported.split(".")[2:3]
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if importer.split(".")[:2] != imported.split(".")[:2]
        ]
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["foreign"]:
            output.print_error(f"{importer} imports {imported}; ask that room's queries or actions instead")
