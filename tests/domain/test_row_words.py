"""Every fault and every repair of a row's three cells is a fact that rules can name."""

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import identity, names, phone
from mailbot.domain.facts.row import ROW

CELLS = st.one_of(
    st.text(max_size=24),
    st.text(alphabet="0123456789xXｘ０１ -—.'+\u200b\n张三·•（）?*", max_size=24),
)


def test_every_fault_is_a_fact() -> None:
    words = [f"id.{fault}" for fault in identity.IdFault]
    words += [f"phone.{fault}" for fault in phone.PhoneFault]
    words += [f"name.{fault}" for fault in names.NameFault]
    assert [word for word in words if word not in ROW.index] == []


@given(CELLS)
def test_every_repair_is_a_fact(raw: str) -> None:
    words = {f"id.{change}" for change in identity.normalise(raw).changes}
    words |= {f"phone.{change}" for change in phone.normalise(raw).changes}
    words |= {f"name.{change}" for change in names.normalise(raw).changes}
    assert words <= ROW.index.keys()
