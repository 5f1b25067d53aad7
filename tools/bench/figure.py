"""One measured figure: what the product took against a named baseline of the same run, and the bound it promises."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`product` and `base` are of one unit, which `what` names; `note` says what they are made of."""

    what: str
    product: float
    baseline: str
    base: float
    bound: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """The product by its baseline."""
        return self.product / self.base

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        return self.ratio <= self.bound
