"""One measured figure: what the product took against a named baseline of the same run, and the bound it promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`product` and `base` are of one unit, which `what` names; `note` says what they are made of. Without a bound the
    figure is told and promises nothing."""

    what: str
    product: float
    baseline: str
    base: float
    bound: float | None
    note: str = ""

    @property
    def ratio(self) -> float:
        """The product by its baseline."""
        return self.product / self.base

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        return self.bound is None or self.ratio <= self.bound


HEADS = ("figure", "product", "baseline", "", "ratio", "bound", "verdict")


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of equal columns, each followed by its note."""
    lines = [HEADS, *map(_cells, figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    out: list[str] = []
    for cells, note in zip(lines, ("", *(figure.note for figure in figures)), strict=True):
        out.append("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
        out.extend([f"    {note}"] if note else [])
    return "\n".join(out)


def _cells(figure: Figure) -> tuple[str, ...]:
    bound = "" if figure.bound is None else f"{figure.bound:.2f}"
    verdict = "" if figure.bound is None else "kept" if figure.kept else "NOT KEPT"
    return (
        figure.what,
        f"{figure.product:.2f}",
        f"{figure.base:.2f}",
        figure.baseline,
        f"{figure.ratio:.2f}",
        bound,
        verdict,
    )
