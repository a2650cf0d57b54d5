"""The formula language: one for indicators and for the checks of a sheet.

    pupils_dropped_out / pupils                      a rate: two counts, divided after they are rolled up
    pupils[sex=nu] <= pupils                         a check a sheet makes
    pupils = pupils[grade=1] + pupils[grade=2]       dimensions stand in brackets
    not (rooms = 0 and classes > 0)

Theory. An expression is a tree of frozen nodes; each node is a number or a truth, known when it is parsed, so
`1 + (a > b)` cannot be built from text. A name stands for a count that may be missing. Missing is `None`, never nought,
and it spreads: arithmetic with a missing part is missing, a comparison of it is unknown. `and`, `or`, `not` are
three-valued (Kleene): `false and unknown` is false. Division gives an exact fraction; by nought it is missing.
No powers, no functions, no floats, nothing to run.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from giaoban.core.refusal import Refused, sentence

LONGEST = 4000  # characters
MOST = 500  # signs, names and numbers
DEEPEST = 40  # brackets in brackets

# --- Nodes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    value: Fraction


@dataclass(frozen=True)
class Name:
    """An element, or one member of some of its dimensions; `key` is its one spelling, dimensions in order."""

    element: str
    members: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return self.element + (f"[{','.join(f'{d}={m}' for d, m in self.members)}]" if self.members else "")


@dataclass(frozen=True)
class Negative:
    of: Expression


@dataclass(frozen=True)
class Arithmetic:
    sign: str  # + - * /
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Comparison:
    sign: str  # = != < <= > >=
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Logic:
    sign: str  # and or
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Not:
    of: Expression


Expression = Number | Name | Negative | Arithmetic | Comparison | Logic | Not
Value = Fraction | bool | None


def is_truth(expression: Expression) -> bool:
    """Whether it says yes or no, rather than how much."""
    return isinstance(expression, (Comparison, Logic, Not))


# --- Refusals: each names the place ----------------------------------------------------------------------------------


class BadFormula(Refused):
    """The text is no formula; subclasses say where and why. `position` counts characters from one."""

    field = "expression"


class StrangeSign(BadFormula):
    sentence = sentence("The formula has a sign that means nothing, “%(found)s”, at character %(position)s.")


class ValueNeeded(BadFormula):
    sentence = sentence("The formula lacks a number or a name at character %(position)s.")


class TooMuch(BadFormula):
    sentence = sentence("The formula should end before “%(found)s” at character %(position)s.")


class NotClosed(BadFormula):
    sentence = sentence("The bracket at character %(position)s of the formula is never closed.")


class BadMembers(BadFormula):
    sentence = sentence(
        "The brackets at character %(position)s of the formula must hold dimension=member, each dimension once."
    )


class NumberNeeded(BadFormula):
    sentence = sentence("The formula needs a number, not a condition, at character %(position)s.")


class ConditionNeeded(BadFormula):
    sentence = sentence("The formula needs a condition, not a number, at character %(position)s.")


class TooLong(BadFormula):
    sentence = sentence("The formula is too long or too deeply nested at character %(position)s.")


class BadTree(BadFormula):
    sentence = sentence("This is not the tree of a formula.")


# --- Reading ---------------------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)"
    r"|(?P<sign><=|>=|!=|<>|==|[-+*/()\[\]=<>,])"
)
MEMBERS = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*([A-Za-z0-9_.\-]+)\s*")
SPELLINGS = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "==": "="}
WORDS = ("and", "or", "not")


@dataclass(frozen=True)
class Token:
    kind: str  # number word sign members end
    text: str
    position: int


def tokens(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        if text[place] in SPELLINGS:
            yield Token("sign", SPELLINGS[text[place]], place + 1)
            place += 1
            continue
        match = TOKEN.match(text, place)
        if match is None:
            raise StrangeSign(found=text[place], position=place + 1)
        kind, found = str(match.lastgroup), match[0]
        if found == "[":
            close = text.find("]", place)
            if close < 0:
                raise NotClosed(position=place + 1)
            yield Token("members", text[place + 1 : close], place + 1)
            place = close + 1
            continue
        if kind != "space":
            yield Token(kind, SPELLINGS.get(found, found), place + 1)
        place = match.end()
    yield Token("end", "", len(text) + 1)


def parse(text: str) -> Expression:
    """The expression a text says; a `BadFormula` that names the character otherwise."""
    if len(text) > LONGEST:
        raise TooLong(position=LONGEST)
    found = list(tokens(text))
    if len(found) > MOST:
        raise TooLong(position=found[MOST].position)
    return _Reader(found).whole()


class _Reader:
    """Recursive descent, one method a rule, loosest binding first: or, and, not, comparison, sum, product, sign."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self, *texts: str) -> Token | None:
        if self.next.kind in ("sign", "word") and self.next.text in texts:
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def whole(self) -> Expression:
        found = self.either()
        if self.next.kind != "end":
            raise TooMuch(found=self.next.text or "[", position=self.next.position)
        return found

    def either(self) -> Expression:
        return self.chain(self.both, ("or",), Logic, truth=True)

    def both(self) -> Expression:
        return self.chain(self.negation, ("and",), Logic, truth=True)

    def negation(self) -> Expression:
        if self.take("not"):
            start = self.next.position
            with_depth = self.deeper(self.negation)
            return Not(self.need(with_depth, start, truth=True))
        return self.comparison()

    def comparison(self) -> Expression:
        start = self.next.position
        left = self.sum()
        sign = self.take("=", "!=", "<", "<=", ">", ">=")
        if sign is None:
            return left
        right_start = self.next.position
        right = self.sum()
        return Comparison(sign.text, self.need(left, start, truth=False), self.need(right, right_start, truth=False))

    def sum(self) -> Expression:
        return self.chain(self.product, ("+", "-"), Arithmetic, truth=False)

    def product(self) -> Expression:
        return self.chain(self.signed, ("*", "/"), Arithmetic, truth=False)

    def signed(self) -> Expression:
        if self.take("-"):
            start = self.next.position
            return Negative(self.need(self.deeper(self.signed), start, truth=False))
        return self.atom()

    def atom(self) -> Expression:
        token = self.next
        self.place += 1
        if token.kind == "number":
            return Number(Fraction(token.text))
        if token.kind == "word" and token.text not in WORDS:
            return self.name(token)
        if token.text == "(" and token.kind == "sign":
            inner = self.deeper(self.either)
            if self.take(")") is None:
                if self.next.kind == "end":
                    raise NotClosed(position=token.position)
                raise TooMuch(found=self.next.text or "[", position=self.next.position)
            return inner
        raise ValueNeeded(position=token.position)

    def name(self, token: Token) -> Name:
        if self.next.kind != "members":
            return Name(token.text)
        brackets = self.next
        self.place += 1
        pairs = [MEMBERS.fullmatch(piece) for piece in brackets.text.split(",")]
        found = {pair[1]: pair[2] for pair in pairs if pair}
        if len(found) != len(pairs):
            raise BadMembers(position=brackets.position)
        return Name(token.text, tuple(sorted(found.items())))

    def chain(
        self,
        part: Callable[[], Expression],
        signs: tuple[str, ...],
        node: type[Arithmetic] | type[Logic],
        *,
        truth: bool,
    ) -> Expression:
        start = self.next.position
        left = part()
        while sign := self.take(*signs):
            self.need(left, start, truth=truth)
            right_start = self.next.position
            left = node(sign.text, left, self.need(part(), right_start, truth=truth))
        return left

    def deeper(self, part: Callable[[], Expression]) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooLong(position=self.next.position)
        found = part()
        self.depth -= 1
        return found

    def need(self, found: Expression, position: int, *, truth: bool) -> Expression:
        if is_truth(found) != truth:
            self.refuse(truth, position)
        return found

    def refuse(self, truth: bool, position: int) -> NoReturn:
        raise (ConditionNeeded if truth else NumberNeeded)(position=position)


# --- Asking ----------------------------------------------------------------------------------------------------------


def names(expression: Expression) -> list[str]:
    """The names it reads, each once, in order of appearance."""
    return list(dict.fromkeys(name.key for name in name_nodes(expression)))


def name_nodes(expression: Expression) -> Iterator[Name]:
    if isinstance(expression, Name):
        yield expression
    for part in parts(expression):
        yield from name_nodes(part)


def parts(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, (Negative, Not)):
        return (expression.of,)
    if isinstance(expression, (Arithmetic, Comparison, Logic)):
        return (expression.left, expression.right)
    return ()


def ratio(expression: Expression) -> tuple[Expression, Expression | None]:
    """Numerator and denominator of a rate; an expression that is no quotient is its own numerator."""
    if isinstance(expression, Arithmetic) and expression.sign == "/":
        return expression.left, expression.right
    return expression, None


# --- Saying what is true ---------------------------------------------------------------------------------------------

SUMS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(expression: Expression, env: Mapping[str, int | Fraction | None]) -> Value:
    """Its value where names (by `Name.key`) have these counts; a name that is not there is missing."""
    if isinstance(expression, (Comparison, Logic, Not)):
        return truth(expression, env)
    return amount(expression, env)


def amount(expression: Expression, env: Mapping[str, int | Fraction | None]) -> Fraction | None:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        value = env.get(expression.key)
        return None if value is None else Fraction(value)
    if isinstance(expression, Negative):
        inner = amount(expression.of, env)
        return None if inner is None else -inner
    if isinstance(expression, Arithmetic):
        left, right = amount(expression.left, env), amount(expression.right, env)
        if left is None or right is None:
            return None
        if expression.sign == "/":
            return left / right if right else None
        return SUMS[expression.sign](left, right)
    raise TypeError("a condition is no amount")


def truth(expression: Expression, env: Mapping[str, int | Fraction | None]) -> bool | None:
    if isinstance(expression, Comparison):
        left, right = amount(expression.left, env), amount(expression.right, env)
        return None if left is None or right is None else COMPARISONS[expression.sign](left, right)
    if isinstance(expression, Not):
        inner = truth(expression.of, env)
        return None if inner is None else not inner
    if isinstance(expression, Logic):
        decisive = expression.sign == "or"
        found = (truth(expression.left, env), truth(expression.right, env))
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    raise TypeError("an amount is no condition")


# --- Writing ---------------------------------------------------------------------------------------------------------

STRENGTH = {"or": 1, "and": 2, "not": 3, "compare": 4, "+": 5, "-": 5, "*": 6, "/": 6, "sign": 7, "atom": 8}


def to_text(expression: Expression) -> str:
    """The expression written with as few brackets as it needs; `parse(to_text(e)) == e`."""
    return _write(expression)[0]


def _write(expression: Expression) -> tuple[str, int]:
    if isinstance(expression, Number):
        return _number_text(expression.value), STRENGTH["atom"]
    if isinstance(expression, Name):
        return expression.key, STRENGTH["atom"]
    if isinstance(expression, Negative):
        return "-" + _bracketed(expression.of, STRENGTH["sign"]), STRENGTH["sign"]
    if isinstance(expression, Not):
        return "not " + _bracketed(expression.of, STRENGTH["not"]), STRENGTH["not"]
    strength = STRENGTH["compare"] if isinstance(expression, Comparison) else STRENGTH[expression.sign]
    left = _bracketed(expression.left, strength + isinstance(expression, Comparison))
    return f"{left} {expression.sign} {_bracketed(expression.right, strength + 1)}", strength


def _bracketed(expression: Expression, at_least: int) -> str:
    text, strength = _write(expression)
    return text if strength >= at_least else f"({text})"


def _number_text(value: Fraction) -> str:
    """Numbers come from decimal text, so their denominators divide a power of ten."""
    places = 0
    while value.denominator != 1 and (value * 10**places).denominator != 1:
        places += 1
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return digits if not places else f"{digits[:-places]}.{digits[-places:]}"


Json = dict[str, Any]


def to_json(expression: Expression) -> Json:
    """The published tree; numbers are text, so that no reader rounds them."""
    if isinstance(expression, Number):
        return {"number": _number_text(expression.value)}
    if isinstance(expression, Name):
        return {"element": expression.element, "members": dict(expression.members)}
    if isinstance(expression, (Negative, Not)):
        return {"op": "negative" if isinstance(expression, Negative) else "not", "of": to_json(expression.of)}
    return {"op": expression.sign, "left": to_json(expression.left), "right": to_json(expression.right)}


def from_json(tree: Json) -> Expression:
    """The expression of a published tree. Read through the text form, so that what `parse` refuses cannot enter."""
    try:
        text = to_text(_node(tree))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        raise BadTree() from fault
    return parse(text)


def _node(tree: Json) -> Expression:
    if "number" in tree:
        return Number(Fraction(str(tree["number"])))
    if "element" in tree:
        return Name(str(tree["element"]), tuple(sorted((str(d), str(m)) for d, m in tree["members"].items())))
    sign = tree["op"]
    if sign in ("negative", "not"):
        inner = _node(tree["of"])
        return Negative(inner) if sign == "negative" else Not(inner)
    left, right = _node(tree["left"]), _node(tree["right"])
    if sign in COMPARISONS:
        return Comparison(sign, left, right)
    return Logic(sign, left, right) if sign in ("and", "or") else Arithmetic(sign, left, right)
