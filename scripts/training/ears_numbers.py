"""Numbers as a transcript writes them and as people say them: 13602247815 is 幺三六，零二二四，七八幺五.

Every function takes a random generator and gives (written, said). The written form follows what ``asr.numbers`` makes
of the said one; both are made here without it, so that the tests can hold one against the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

Pair = tuple[str, str]  # (written, said)

LETTERS = {
    "A": "诶", "B": "必", "C": "西", "D": "弟", "E": "伊", "F": "爱富", "G": "记", "H": "诶吃", "I": "爱", "J": "杰",
    "K": "开", "L": "爱勒", "M": "爱姆", "N": "恩", "O": "欧", "P": "批", "Q": "丘", "R": "阿", "S": "爱思", "T": "提",
    "U": "优", "V": "威", "W": "达不溜", "X": "爱克思", "Y": "外", "Z": "贼",
}  # fmt: skip
# English words as they are read in Chinese sentences
WORDS = {
    "WiFi": "外费", "VIP": "威爱批", "SIM": "西姆", "POS": "坡思", "HR": "爱吃阿", "Excel": "伊克赛尔", "QQ": "扣扣",
    "offer": "奥佛", "LOGO": "楼购", "party": "怕提", "OK": "欧开", "IC": "爱西",
}  # fmt: skip
_NUMERALS, _PLATE_LETTERS = "0123456789", "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "零一二三四五六七八九"
_MOBILE = ("130", "131", "132", "133", "134", "135", "136", "137", "138", "139", "147", "150", "151", "152", "153")
_MOBILE += ("155", "156", "157", "158", "159", "166", "170", "172", "175", "176", "177", "178", "180", "181", "182")
_MOBILE += ("183", "184", "185", "186", "187", "188", "189", "191", "193", "195", "198", "199")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ORDER_PREFIXES = ("GZ", "JF", "SF", "YT", "JD", "TS", "ZX", "BX", "DH", "GD", "WX", "SL", "A", "B", "E", "")


def cardinal(number: int) -> str:
    """``number`` below 100,000,000 as a Chinese cardinal with 二 (12800 → 一万二千八百)."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return cardinal(number // 10_000) + "万" + (gap + _section(rest) if rest else "")
    return _section(number).removeprefix("一") if 10 <= number < 20 else _section(number)


def _section(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    said, pending = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // value % 10
        if digit:
            said += ("零" if pending else "") + _DIGITS[digit] + unit
            pending = False
        else:
            pending = bool(said)
    return said


def digits(number: str, one: str = "幺") -> str:
    """The digits of ``number`` one by one."""
    return "".join(one if digit == "1" else _DIGITS[int(digit)] for digit in number)


def spelled(code: str, one: str = "幺") -> str:
    """Letters and digits one by one."""
    return "".join(LETTERS[char] if char in LETTERS else digits(char, one) for char in code)


def grouped(rng: Random, number: str, cuts: Sequence[Sequence[int]]) -> str:
    """``number`` said in groups with pauses, of the lengths in one of ``cuts`` that add up, else of three or four."""
    fitting = [cut for cut in cuts if sum(cut) == len(number)]
    lengths = list(rng.choice(fitting)) if fitting else [4] * (len(number) // 4) + [len(number) % 4]
    if lengths[-1] < 3 and len(lengths) > 1:  # 4, 4, 2 is said 4, 6
        lengths[-2:] = [lengths[-2] + lengths[-1]]
    groups, at = [], 0
    for length in lengths:
        groups.append(digits(number[at : at + length]))
        at += length
    return "，".join(groups)


def some_digits(rng: Random, count: int) -> str:
    """``count`` random digits."""
    return "".join(rng.choice(_NUMERALS) for _ in range(count))


def phone(rng: Random) -> Pair:
    """A mobile number."""
    number = rng.choice(_MOBILE) + some_digits(rng, 8)
    return number, grouped(rng, number, ((3, 4, 4), (3, 4, 4), (3, 4, 4), (3, 4, 4), (4, 3, 4), (3, 3, 5), (11,)))


def local(rng: Random) -> Pair:
    """A landline number without its area code."""
    number = rng.choice("2345678") + some_digits(rng, 7)
    return number, grouped(rng, number, ((4, 4), (4, 4), (4, 4), (8,)))


def landline(rng: Random) -> Pair:
    """A landline number of Guangzhou."""
    number, said = local(rng)
    return f"020-{number}", f"零二零，{said}"


def tail(rng: Random) -> Pair:
    """The last four digits of something."""
    number = some_digits(rng, 4)
    return number, digits(number)


def bulk_sender(rng: Random) -> Pair:
    """The long number that messages of firms come from."""
    number = "106" + some_digits(rng, rng.choice((7, 9)))
    return number, grouped(rng, number, ((4, 4, 4), (3, 4, 5), (3, 3, 4)))


def id_number(rng: Random) -> Pair:
    """An identity number of Guangdong with a right check digit; nobody's."""
    born = f"{rng.randint(1938, 2012)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    area = rng.choice(("440103", "440104", "440105", "440106", "440111", "440112", "440113", "440183", "441802"))
    body = area + born + some_digits(rng, 3)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]
    if check == "X":
        return body + check, grouped(rng, body, ((6, 4, 4, 3), (6, 8, 3), (3, 3, 4, 4, 3))) + LETTERS["X"]
    return body + check, grouped(rng, body + check, ((6, 4, 4, 4), (6, 8, 4), (3, 3, 4, 4, 4)))


def plate(rng: Random) -> Pair:
    """A number plate of Guangdong, mostly Guangzhou's."""
    while True:
        serial = "".join(rng.choice(_NUMERALS if rng.random() < 0.75 else _PLATE_LETTERS) for _ in range(5))
        if sum(char.isalpha() for char in serial) <= 2:
            break
    return _plate(rng, serial)


def green_plate(rng: Random) -> Pair:
    """The plate of an electric car."""
    return _plate(rng, rng.choice("DDDF") + rng.choice("0123456789ABFKMS") + some_digits(rng, 4))


def _plate(rng: Random, serial: str) -> Pair:
    city = rng.choice("AAAAAAABEXYSR")
    pause = rng.choice(("", "", "，"))
    return f"粤{city}·{serial}", f"粤{LETTERS[city]}{pause}{spelled(serial)}"


def order(rng: Random) -> Pair:
    """A parcel's, order's or case's number."""
    prefix = rng.choice(_ORDER_PREFIXES)
    number = some_digits(rng, rng.choice((8, 10, 10, 12)))
    said = grouped(rng, number, ((4, 4, 4), (4, 4, 4), (3, 3, 3, 3), (3, 3, 4), (3, 3, 4), (4, 4), (3, 5)))
    return prefix + number, spelled(prefix) + said


def order_digits(rng: Random) -> Pair:
    """A number of digits alone."""
    number = some_digits(rng, rng.choice((7, 8, 8, 9, 10, 12)))
    cuts = ((4, 4, 4), (3, 3, 3, 3), (4, 5, 3), (3, 3, 4), (5, 5), (3, 3, 3), (3, 4), (4, 4), (3, 5))
    return number, grouped(rng, number, cuts)


def house(rng: Random) -> Pair:
    """A house number: up to 99 as a cardinal, above digit by digit or as a cardinal."""
    number = rng.choice((rng.randint(1, 60), rng.randint(1, 99), rng.randint(100, 999)))
    said = cardinal(number) if number < 100 or rng.random() < 0.4 else digits(str(number), rng.choice("一幺"))
    return f"{number}号", f"{said}号"


def building(rng: Random) -> Pair:
    """A building of an estate."""
    unit = rng.choice("栋栋栋栋座幢")
    if unit != "幢" and rng.random() < 0.3:
        letter = rng.choice("ABCDEF")
        return letter + unit, LETTERS[letter] + unit
    number = rng.randint(2, 36)
    return f"{number}{unit}", cardinal(number) + unit


def room(rng: Random) -> Pair:
    """A room: three or four digits."""
    number = f"{rng.randint(1, 32)}0{rng.randint(1, 8)}"
    unit = rng.choice(("", "", "房", "室"))
    return number + unit, digits(number, rng.choice("一幺幺")) + unit


def bus(rng: Random) -> Pair:
    """A bus line: three digits one by one, two as a cardinal."""
    if rng.random() < 0.25:
        number = rng.choice([n for n in range(11, 100) if n % 10])
        return f"{number}路", f"{cardinal(number)}路"
    number = rng.randint(101, 899)
    return f"{number}路", f"{digits(str(number))}路"


def metro(rng: Random) -> Pair:
    """A metro line."""
    number = rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 21, 22))
    return f"{number}号线", f"{cardinal(number)}号线"


def money(rng: Random) -> Pair:
    """An amount of whole yuan."""
    kind = rng.random()
    if kind < 0.3:
        amount = rng.randint(11, 99)
    elif kind < 0.6:
        amount = rng.choice((rng.randint(101, 999), rng.randint(11, 99) * 10))
    elif kind < 0.85:
        amount = rng.choice((rng.randint(1001, 9999), rng.randint(11, 99) * 100))
    else:
        amount = rng.choice((rng.randint(11, 99) * 1000, rng.randint(101, 999) * 100, rng.randint(2, 60) * 10_000))
    said = cardinal(amount)
    if rng.random() < 0.7:
        said = said.replace("二千", "两千")
        said = "两" + said[1:] if said.startswith(("二万", "二百")) else said
    unit = rng.choice(("元", "块", "块钱"))
    return f"{amount}{unit}", said + unit


def day(rng: Random) -> Pair:
    """A day of the month."""
    number = rng.randint(1, 31)
    return f"{number}号", f"{cardinal(number)}号"


def date(rng: Random) -> Pair:
    """A day of the year."""
    month, number, unit = rng.randint(1, 12), rng.randint(1, 28), rng.choice("号号号日")
    return f"{month}月{number}{unit}", f"{cardinal(month)}月{cardinal(number)}{unit}"


def year(rng: Random) -> Pair:
    """A year."""
    number = str(rng.randint(1998, 2026))
    return f"{number}年", digits(number, "一") + "年"
