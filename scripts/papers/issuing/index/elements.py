"""Elements of HTML that cannot be written unescaped: every text is escaped unless an element made it."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

# Characters without a shape that turn text around, hide it, or break a line where nobody sees why.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_VOID = {"input", "link"}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(name: str, *children: str | Markup, **attributes: str | int | bool | None) -> Markup:
    """An element. Of an attribute's name, `class_` is class and `data_x` is data-x; None and False leave it out."""
    inner = "".join([child if isinstance(child, Markup) else escaped(child) for child in children])
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(opening if name in _VOID else f"{opening}{inner}</{name}>")


def escaped(text: str) -> Markup:
    """A text as HTML."""
    return Markup(html.escape(shown(text), quote=False))


def joined(children: list[Markup], between: str = "") -> Markup:
    return Markup(between.join(children))


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(shown(str(value)))}"'


def shown(text: str) -> str:
    """The text with each character that nobody would see written out, as in [U+202E]."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def href(place: str) -> str:
    """The address of a file by its place below the page's own folder; never anything but a relative path."""
    return f"./{quote(place)}"


def unseen(words: str) -> Markup:
    """Words for those who hear the page, where others see from the place what is meant."""
    return el("span", words, class_="heard")
