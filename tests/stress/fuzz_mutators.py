"""Ways to damage a file, each repeatable with the same random numbers.

`mutated(random, name, data)` returns the damaged file and what was done to it. A mutation that does not change the meaning
(line ends, order of keys, how a zip is packed) is neutral: the papers must then be the same, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fuzz_packages import damage_package
from hostile_tools import packed, unpacked
from lxml import etree

HOSTILE = (
    "", "null", "~", "true", "no", "1e999", "-1e308", ".nan", ".inf", "NaN", "-1", "0", "0.1", "99999999999999999999", "9" * 5000,
    "2019-02-30", "0000-00-00", "9999-12-31", "2019-13-01T99:99", "12:30:45", "0x1F", "1_000", "[]", "{}", "[1, [2]]", "{a: b}", "''",
    '"\\x00"', '"\\ud800"', '"\\u202e"', "!!binary aGk=", "!!python/name:os.system x", "!!timestamp 2019-99-99", "!!bool perhaps", "*nowhere",
    "&a [*a]", "{<<: {a: b}}", "|", ">", "@x", "`x`", "%x", "- -", "? x", "{{ x }}", "{{ vision }}", "{% if x %}", "../../../etc/passwd", "CON", "nul.docx",
    "/etc/passwd", "a/b", "..", "<script>alert(1)</script>", "&amp;lt;", "=1+1", "=HYPERLINK(\"x\")", "\u202eabc", "\u200b", "\ufeff", "Рeru", "e\u0301",
    "a\tb", "x" * 5000, "x " * 3000, "[^never]", "**", "^^", "***x*", "\ufffe", "\x07", "\u2028", "\U0001f600", "[" * 3000, "[x](javascript:x)",
    "Chile; Chile", "Peru, Viet Nam", "2019-01", "MINI1", "2019/MINI1/003", "2019/MINI2/002rev1", "2019", "20019", "1", "II", "S", "yes", "restricted",
)  # fmt: skip
Edit = Callable[[Random, str], str]


@dataclass(frozen=True)
class Mutation:
    """A damaged file. `how` says what was done, for messages and counts."""

    data: bytes
    how: str
    neutral: bool = False


def mutated(random: Random, name: str, data: bytes) -> Mutation:
    """Return a file that differs from `data` by one mutation fit for its type."""
    while True:
        mutation = _once(random, name, data)
        if mutation.data != data:
            return mutation


def _once(random: Random, name: str, data: bytes) -> Mutation:
    chance = random.random()
    if chance < 0.12:
        return _pick(random, BYTES, data)
    if "/issued/" in name and not name.endswith((".csv", ".end")):
        return _pick(random, BYTES, data)  # archived files, of which each byte counts
    if name.endswith((".xlsx", ".docx")):
        if chance < 0.2:
            return _neutral_zip(random, data)
        if chance < 0.34:
            return _zip(random, name, data)
        return _package(random, data) if chance < 0.6 else _xml(random, name, data)
    if chance < 0.24:
        return _neutral_text(random, name, data)
    if chance < 0.32:
        return _pick(random, ENCODINGS, data)
    edits = {"yaml": YAML, "md": MARKDOWN, "csv": CSV}.get(name.rpartition(".")[2], LINES)
    how, edit = random.choice([*edits.items(), *LINES.items()])
    return Mutation(edit(random, data.decode()).encode("utf-8", "surrogatepass"), how)


def _pick(random: Random, among: dict[str, Callable[[Random, bytes], bytes]], data: bytes) -> Mutation:
    how, change = random.choice(list(among.items()))
    return Mutation(change(random, data), how)


# Bytes


def _flip(random: Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 20))):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


def _span(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data))
    return start, min(len(data), start + random.choice((1, 4, 64, 1000)))


def _cut_out(random: Random, data: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _doubled(random: Random, data: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:end] + data[start:end] + data[end:]


BYTES = {
    "bits flipped": _flip,
    "bytes cut out": _cut_out,
    "bytes doubled": _doubled,
    "the end cut off": lambda random, data: data[: random.randrange(len(data))],
    "random bytes put in": lambda random, data: (
        (at := random.randrange(len(data))) is not None and data[:at] + random.randbytes(20) + data[at:]
    ),
}
ENCODINGS = {
    "saved as UTF-16": lambda _, data: data.decode().encode("utf-16"),
    "saved as Latin-1": lambda _, data: (data.decode() + "é\n").encode("latin-1", "replace"),
    "a byte order mark in the middle": lambda random, data: (
        (at := random.randrange(len(data))) is not None and data[:at] + b"\xef\xbb\xbf" + data[at:]
    ),
    "read as Latin-1 and saved": lambda _, data: data.decode("latin-1").encode() + "é\n".encode(),
    "emptied": lambda _, data: b"",
}


# What does not change the meaning


def _crlf(_: Random, text: str) -> str:
    return text.replace("\n", "\r\n")


def _keys_moved(random: Random, text: str) -> str:
    """Reorder the blocks under the top-level keys; comments stay with the key below them."""
    blocks = re.split(r"^(?=[\w\"])", text.rstrip("\n") + "\n", flags=re.MULTILINE)
    head, keys = blocks[0], blocks[1:]
    random.shuffle(keys)
    return head + "".join(keys)


NEUTRAL: dict[str, Edit] = {
    "Windows line ends": _crlf,
    "a byte order mark at the beginning": lambda _, text: "\ufeff" + text,
    "empty lines at the end": lambda _, text: text.rstrip("\n") + "\n\n\n",
}
NEUTRAL_YAML: dict[str, Edit] = {
    **NEUTRAL,
    "keys in another order": _keys_moved,
    "a comment": lambda _, text: f"# {{{{ a comment }}}}: [\n{text}",
    "spaces at the ends of lines": lambda _, text: re.sub(r"(?<=[\w\]])\n", "  \n", text),
}
_PINNED = ("issued/ledger.csv", "issued/ledger.end")  # each byte counts


def _neutral_text(random: Random, name: str, data: bytes) -> Mutation:
    if name.endswith(_PINNED):
        return _pick(random, BYTES, data)
    edits = NEUTRAL_YAML if name.endswith(".yaml") else NEUTRAL
    if name.endswith(".csv"):  # it has Windows line ends already
        edits = {how: edit for how, edit in NEUTRAL.items() if edit is not _crlf}
    how, edit = random.choice(list(edits.items()))
    return Mutation(edit(random, data.decode()).encode(), how, neutral=True)


# Lines of any text


def _line(change: Callable[[Random, list[str], int], None]) -> Edit:
    def edit(random: Random, text: str) -> str:
        lines = text.split("\n")
        change(random, lines, random.randrange(len(lines)))
        return "\n".join(lines)

    return edit


def _swap(random: Random, lines: list[str], at: int) -> None:
    other = random.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _misspell(random: Random, lines: list[str], at: int) -> None:
    if words := re.findall(r"\w{3,}", lines[at]):
        word = random.choice(words)
        cut = random.randrange(len(word))
        lines[at] = lines[at].replace(
            word, word[:cut] + random.choice(("", "x", "é", word[cut])) + word[cut + 1 :], 1
        )


def _put_in(random: Random, lines: list[str], at: int) -> None:
    where = random.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:where] + random.choice(HOSTILE) + lines[at][where:]


def _retype(random: Random, lines: list[str], at: int) -> None:
    if words := re.findall(r"[\w/.-]+", lines[at]):
        lines[at] = lines[at].replace(random.choice(words), random.choice(HOSTILE), 1)


LINES: dict[str, Edit] = {
    "a line left out": _line(lambda _, lines, at: lines.pop(at)),
    "a line doubled": _line(lambda _, lines, at: lines.insert(at, lines[at])),
    "two lines swapped": _line(_swap),
    "a word misspelt": _line(_misspell),
    "something put in": _line(_put_in),
    "a word swapped for something else": _line(_retype),
}


# YAML


def _value(random: Random, lines: list[str], at: int) -> None:
    keyed = [n for n, line in enumerate(lines) if re.match(r"\s*(- )?[\w]+:", line)]
    if keyed:
        at = random.choice(keyed)
        lines[at] = lines[at].partition(":")[0] + ": " + random.choice(HOSTILE)


def _key(random: Random, lines: list[str], at: int) -> None:
    keyed = [n for n, line in enumerate(lines) if re.match(r"\s*(- )?[\w]+:", line)]
    if keyed:
        at = random.choice(keyed)
        lines[at] = re.sub(
            r"\w+:",
            lambda key: (
                random.choice(("x", "? ", key[0][1:-1] or "x", "12", "null", "[a]", "{}", "<<")) + ":"
            ),
            lines[at],
            count=1,
        )


def _nested(random: Random, lines: list[str], at: int) -> None:
    depth = random.choice((10, 49, 52, 500, 20_000))
    deep = random.choice(("[" * depth + "]" * depth, "{a: " * depth + "}" * depth, "- " * depth))
    lines[at] = lines[at].partition(":")[0] + ": " + deep


def _aliased(random: Random, lines: list[str], at: int) -> None:
    if ":" in lines[at]:
        key, _, value = lines[at].partition(":")
        lines[at] = f"{key}: &one {value.strip()}"
        lines.insert(at + 1, re.match(r"[\s-]*", key)[0].replace("-", " ") + "more: *one")


def _laughs(random: Random, lines: list[str], at: int) -> None:
    laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    laughs += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, random.choice((3, 9, 20)))]
    lines[0:0] = laughs


YAML: dict[str, Edit] = {
    "a value swapped": _line(_value),
    "another value swapped": _line(_value),
    "a key changed": _line(_key),
    "nested deeply": _line(_nested),
    "an alias": _line(_aliased),
    "a billion laughs": _line(_laughs),
    "a merge key": _line(
        lambda _, lines, at: lines.insert(at, re.match(r"[ ]*", lines[at])[0] + "<<: {x: 1}")
    ),
    "a number sign in a value": _line(
        lambda random, lines, at: lines.__setitem__(
            at, lines[at] + random.choice((" #2 of it", " # x", "  # x", "#2", ": x"))
        )
    ),
    "very many keys": _line(lambda _, lines, at: lines.extend(f"key{n}: 1" for n in range(30_000))),
    "a tab before a line": _line(lambda _, lines, at: lines.__setitem__(at, "\t" + lines[at])),
    "a line moved right": _line(lambda _, lines, at: lines.__setitem__(at, " " + lines[at])),
    "a line moved left": _line(lambda _, lines, at: lines.__setitem__(at, lines[at].replace("  ", "", 1))),
    "two documents": _line(lambda _, lines, at: lines.insert(at, "---")),
    "a directive": _line(lambda _, lines, at: lines.insert(0, "%YAML 9.9\n---")),
}


# Markdown

PIECES = (
    "Words[^x", "Words[^never].", "[^first]: Again.", "[^unused]: Nobody.", "[^a]: [^b]\n\n[^b]: [^a]\n\nWords[^a]", "<div>", "<script>alert(1)</script>", "<!-- a",
    "<a href='x'>y</a>", "[words](https://x.example)", "[words](javascript:x)", "![a](b.png)", "[a]: b", "[a][b]", "<https://x.example>", "| a | b |\n|---|---|\n| 1 | 2 |",
    "word " * 20_000, "x" * 100_000, "{{ nothing }}", "{{ vision", "}}", "{{ {{ vision }} }}", "Words {{ vision }} words", "{% if x %}", "{# x #}", "```\ncode", "    code",
    "`code`", "*" * 10_000, "[" * 10_000, "_" * 3000 + "a", "**a " * 3000, "> " * 500 + "deep", "Heading\n===", "Heading\n---", "####### seven", "# Another", "## ", "---", "***",
    "• one\n• two", "– one\n– two", "2*3*4=24", "&#x202e;", "Т&#x61;iwan &#x422;aiwan", "[^" * 20_000, "{{" + " " * 20_000, "\u3164", "a\ufe0f", "\uf0b7 x",
    "&#0;", "&nbsp;", "&bogus;", "\x00", "\u202eabc", "\u00a0", "\u2028", "\\", "line\\\nbreak", "line  \nbreak", "1000000000000. far", "0. zero", "-1. minus", "1) other", "* star",
    "+ plus", "I. roman\nIII. leap", "a. letter\nb. letter", "^^", "^x^y^", "~~x~~", "~x~", "x^y", "***bold* italic**", "[ ] box", "- [ ] task", "Term\n: meaning", "[[wiki]]", "$x$",
)  # fmt: skip


def _lists(random: Random, lines: list[str], at: int) -> None:
    step, depth = random.choice(("  ", "   ", "    ", "\t")), random.choice((3, 10, 120, 1000))
    mark = random.choice(("-", "1.", "I.", "a."))
    lines[at:at] = ["", *(f"{step * n}{mark} level {n}" for n in range(depth)), ""]


MARKDOWN: dict[str, Edit] = {
    "Markdown put in": _line(lambda random, lines, at: lines.insert(at, f"\n{random.choice(PIECES)}\n")),
    "Markdown put in a line": _line(lambda random, lines, at: lines.insert(at, random.choice(PIECES))),
    "Markdown put at the end of a line": _line(lambda random, lines, at: lines.__setitem__(at, lines[at] + random.choice(PIECES))),
    "nested lists": _line(_lists),
}  # fmt: skip


# Lists in CSV


def _cell(random: Random, lines: list[str], at: int) -> None:
    cells = lines[at].split(",")
    cells[random.randrange(len(cells))] = random.choice(("", '"', '""', "a,b", '"a\nb"', '"a"b', *HOSTILE))
    lines[at] = ",".join(cells)


CSV: dict[str, Edit] = {
    "a cell swapped": _line(_cell),
    "a cell put in": _line(
        lambda random, lines, at: lines.__setitem__(at, f"{random.choice(HOSTILE)},{lines[at]}")
    ),
    "semicolons for commas": lambda _, text: text.replace(",", ";"),
    "the last line cut": lambda random, text: text[: -random.randrange(1, 30)],
}


# Zips and their XML


def _neutral_zip(random: Random, data: bytes) -> Mutation:
    """The same parts stored, or in another order."""
    parts = unpacked(data)
    if random.random() < 0.5:
        return Mutation(packed(parts, 0), "packed without compression", neutral=True)
    names = list(parts)
    random.shuffle(names)
    return Mutation(packed({name: parts[name] for name in names}), "parts in another order", neutral=True)


def _zip(random: Random, name: str, data: bytes) -> Mutation:
    """A part left out, renamed, emptied, cut or swapped with another."""
    parts = unpacked(data)
    part, other = random.choice(list(parts)), random.choice(list(parts))
    how = random.choice(("left out", "renamed", "emptied", "cut", "swapped", "flipped", "doubled"))
    if how == "left out":
        del parts[part]
    elif how == "renamed":
        parts[part.replace(".xml", "x.xml").replace(".rels", "x.rels")] = parts.pop(part)
    elif how == "doubled":
        return Mutation(packed([*parts.items(), (part, parts[other])]), f"a part doubled ({part})")
    else:
        changed = {
            "emptied": b"",
            "cut": parts[part][: len(parts[part]) // 2],
            "swapped": parts[other],
            "flipped": _flip(random, parts[part]),
        }
        parts[part] = changed[how]
    return Mutation(packed(parts), f"a part {how} ({part})")


def _package(random: Random, data: bytes) -> Mutation:
    """Another relation, content type, encoding, size or field, see fuzz_packages."""
    parts = unpacked(data)
    try:
        how = damage_package(random, parts)
    except (etree.XMLSyntaxError, UnicodeError):
        return Mutation(data, "")
    return Mutation(packed(parts), how)


_LIKELY = ("xl/worksheets/", "xl/sharedStrings", "word/document")  # where most of what people type stands


def _xml(random: Random, name: str, data: bytes) -> Mutation:
    """One to three elements of a part changed."""
    parts = unpacked(data)
    names = [part for part in parts if part.endswith((".xml", ".rels"))]
    likely = [part for part in names if part.startswith(_LIKELY) and part.endswith(".xml")]
    part = random.choice(likely if likely and random.random() < 0.7 else names)
    root, done = etree.fromstring(parts[part]), []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        edits = {**XML, **(CELLS if "worksheets/sheet" in part else TAGS if "word/" in part else {})}
        how, edit = random.choice(list(edits.items()))
        element = random.choice(list(root.iter("*")))
        edit(random, element, root)
        done.append(how)
    parts[part] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return Mutation(packed(parts), f"{', '.join(dict.fromkeys(done))} ({part})")


def _safe(random: Random) -> str:
    """A hostile text that XML can hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", random.choice(HOSTILE))


def _drop_attribute(random: Random, element: etree._Element, root: etree._Element) -> None:
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _swap_attribute(random: Random, element: etree._Element, root: etree._Element) -> None:
    if element.attrib:
        element.set(random.choice(list(element.attrib)), _safe(random))


def _double(random: Random, element: etree._Element, root: etree._Element) -> None:
    if element is not root:
        element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))


def _delete(random: Random, element: etree._Element, root: etree._Element) -> None:
    if element is not root:
        element.getparent().remove(element)


def _move(random: Random, element: etree._Element, root: etree._Element) -> None:
    target = random.choice(list(root.iter("*")))
    if element is not root and element not in (target, *target.iterancestors()):
        target.insert(random.randrange(len(target) + 1), element)


def _text(random: Random, element: etree._Element, root: etree._Element) -> None:
    with_text = [one for one in root.iter("*") if (one.text or "").strip()]
    if with_text:
        random.choice(with_text).text = _safe(random)


def _rename(random: Random, element: etree._Element, root: etree._Element) -> None:
    element.tag = random.choice([one.tag for one in root.iter("*")] + ["x"])


XML = {
    "an attribute dropped": _drop_attribute,
    "an attribute swapped": _swap_attribute,
    "an element doubled": _double,
    "an element deleted": _delete,
    "an element moved": _move,
    "an element renamed": _rename,
    "a text swapped": _text,
}
_NUMBERS = (
    "1e308",
    "-1e400",
    "NaN",
    "99999999999999999999",
    "-1",
    "2958466",
    "0",
    "60",
    "1.5",
    "43591.99999999",
    "",
    "x",
    "0x10",
    "1,5",
    " 7 ",
    "-0.0",
)
_TYPES = ("s", "str", "inlineStr", "b", "e", "n", "d", "bogus", "")


def _tag_of(root: etree._Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _cell_xml(random: Random, element: etree._Element, root: etree._Element) -> None:
    cells = list(root.iter(_tag_of(root, "c")))
    if not cells:
        return
    cell = random.choice(cells)
    for child in list(cell):
        cell.remove(child)
    cell.set("t", random.choice(_TYPES))
    if random.random() < 0.2:
        etree.SubElement(cell, _tag_of(root, "f")).text = random.choice(("1+1", "A1", 'HYPERLINK("x")', ""))
    if random.random() < 0.3:
        within = etree.SubElement(cell, _tag_of(root, "is"))
        etree.SubElement(within, _tag_of(root, "t")).text = _safe(random)
    if random.random() < 0.8:
        etree.SubElement(cell, _tag_of(root, "v")).text = random.choice(
            (*_NUMBERS, "0", "3", "7", _safe(random))
        )


def _typed(random: Random, element: etree._Element, root: etree._Element) -> None:
    """A text typed into a cell, as people do."""
    cells = list(root.iter(_tag_of(root, "c")))
    if cells:
        cell = random.choice(cells)
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        within = etree.SubElement(cell, _tag_of(root, "is"))
        etree.SubElement(within, _tag_of(root, "t")).text = _safe(random)


def _number(random: Random, element: etree._Element, root: etree._Element) -> None:
    values = list(root.iter(_tag_of(root, "v")))
    if values:
        random.choice(values).text = random.choice(_NUMBERS)


def _merged(random: Random, element: etree._Element, root: etree._Element) -> None:
    ranges = ("A1:B2", "C2:C4", "A2:A2", "A1:XFD1048576", "B2:A1", "x", "", "A0:A0", "A3:I3")
    merged = etree.SubElement(root, _tag_of(root, "mergeCells"), count="1")
    etree.SubElement(merged, _tag_of(root, "mergeCell"), ref=random.choice(ranges))


def _where(random: Random, element: etree._Element, root: etree._Element) -> None:
    cells = list(root.iter(_tag_of(root, "c"), _tag_of(root, "row")))
    if cells:
        random.choice(cells).set(
            "r",
            random.choice(
                (
                    "A1",
                    "C2",
                    "XFD1048576",
                    "XFE1",
                    "A0",
                    "1",
                    "-1",
                    "99999999999",
                    "1048577",
                    "",
                    "x",
                    "a2",
                    "$B$2",
                    "C",
                )
            ),
        )


CELLS = {
    "a cell rewritten": _cell_xml,
    "something typed into a cell": _typed,
    "a number swapped": _number,
    "cells merged": _merged,
    "a cell elsewhere": _where,
}
CELLS |= {f"{how} again": edit for how, edit in CELLS.items()}  # twice as likely


def _tag(random: Random, element: etree._Element, root: etree._Element) -> None:
    """Something cut out of, or put into, the text of a tag."""
    tagged = [one for one in root.iter("*") if "{" in (one.text or "")]
    if tagged:
        one = random.choice(tagged)
        at = random.randrange(len(one.text))
        put = random.choice(
            (
                "",
                "{{",
                "}}",
                "{% endif %}",
                "{% for x in y %}",
                "x",
                ".",
                "|",
                "'",
                "{#",
                "{{ cover.title }}",
                "{%p if x %}",
            )
        )
        one.text = one.text[:at] + put + one.text[at + random.choice((0, 1, 3)) :]


TAGS = {"a tag edited": _tag, "a tag edited again": _tag}
