"""FEEL's arithmetic held against Python's decimal module: random money, random figures, to the last one of 34."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    localcontext,
)
from typing import Any

import pytest

from engine.rules.feel import Ask, evaluate

FEEL_DECIMALS = Context(prec=34, rounding=ROUND_HALF_EVEN)
OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Any]] = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "sqrt(abs(a))": lambda a, _: abs(a).sqrt(),
    "modulo(a, b)": lambda a, b: a - b * (a / b).to_integral_value(ROUND_FLOOR),
    "a * b + a / b - b": lambda a, b: a * b + a / b - b,
}
ROUNDINGS = {
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}


def money(chance: random.Random) -> Decimal:
    return Decimal(chance.randint(-(10 ** chance.randint(1, 11)), 10 ** chance.randint(1, 11))).scaleb(-2)


def figures(chance: random.Random) -> Decimal:
    sign, length = chance.choice((-1, 1)), chance.randint(1, 20)
    return Decimal(sign * chance.randint(1, 10**length)).scaleb(-chance.randint(0, 12))


def plain(value: Decimal) -> str:
    """A number as FEEL's string() writes it."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("make", [money, figures])
def test_what_is_reckoned_is_what_one_would_reckon_on_paper(
    operation: str, make: Callable[[random.Random], Decimal]
) -> None:
    chance = random.Random(f"{operation} {make.__name__}")
    pairs = [(make(chance), make(chance)) for _ in range(400)]
    pairs = [(a, b) for a, b in pairs if b and (operation != "modulo(a, b)" or abs(a / b) < 10**20)]

    told = evaluate([Ask(f"string({operation})")] * len(pairs), {}, [{"a": a, "b": b} for a, b in pairs])

    with localcontext(FEEL_DECIMALS):
        expected = [plain(OPERATIONS[operation](a, b)) for a, b in pairs]
    assert [each.value for each in told] == expected


@pytest.mark.parametrize("name", ROUNDINGS)
def test_every_rounding_rounds_as_its_name_says(name: str) -> None:
    chance = random.Random(name)
    cases = [(figures(chance), chance.randint(-3, 6)) for _ in range(300)]
    cases += [(Decimal(chance.randint(-2000, 2000)) / 1000, 2) for _ in range(300)]  # many halves

    told = evaluate([Ask(f"string({name}(n, s))")] * len(cases), {}, [{"n": n, "s": s} for n, s in cases])

    with localcontext(Context(prec=60)):
        expected = [plain(n.quantize(Decimal(1).scaleb(-s), rounding=ROUNDINGS[name])) for n, s in cases]
    assert [each.value for each in told] == expected


def test_money_added_up_is_kept_compared_and_told_to_the_penny() -> None:
    chance = random.Random(7)
    lists = [[float(money(chance)) for _ in range(chance.randint(1, 12))] for _ in range(400)]
    asks = [Ask("sum(costs)"), Ask("string(sum(costs))"), Ask("sum(costs) = total"), Ask("sum(costs) <= total")]

    for costs in lists:
        total = sum((Decimal(repr(cost)) for cost in costs), Decimal(0))
        kept, text, same, most = evaluate(asks, {"costs": costs, "total": total})

        assert Decimal(repr(kept.value)) == total
        assert (text.value, same.value, most.value) == (plain(total), True, True)


def test_numbers_go_in_and_come_out_as_they_were_written() -> None:
    chance = random.Random(11)
    for _ in range(400):
        number = money(chance)
        as_kept = int(number) if number == int(number) else float(number)

        told = evaluate([Ask("n"), Ask("n = d"), Ask("string(d)")], {"n": as_kept, "d": number})

        assert [repr(told[0].value), told[1].value, told[2].value] == [repr(as_kept), True, plain(number)]


@pytest.mark.parametrize("number", [2**53 + 1, -(2**60), 12345678901234567890, 10**30 + 1])
def test_a_number_of_more_figures_than_json_keeps_is_exact_inside_and_a_fault_when_kept(number: int) -> None:
    told = evaluate([Ask("string(n)"), Ask("n + 1 > n"), Ask("n - n"), Ask("n")], {"n": number})

    assert [each.value for each in told[:3]] == [str(number), True, 0]
    assert told[3].fault == "it gives a number of more figures than can be kept exactly"
