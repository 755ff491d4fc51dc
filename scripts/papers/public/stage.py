"""The public files as a stage leaves them below outputs/work: with their register and a list of digests.

The manifest also has the register as data, and the paper of each file, so that a paper can be taken out later
without reading the inputs.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from papers.errors import UserError
from papers.public.leak_check import LeakCheck, text_to_check
from papers.public.published import REST, published_folder
from papers.public.select import with_shown_indicators
from papers.register.search import TEXTS, SearchTexts
from papers.register.write import render_files
from papers.store.cache import CACHE, Cache
from papers.store.files import SUMS, digest, digest_of, format_sums
from papers.store.output_files import CHANGES
from papers.store.program import code_digest
from papers.store.stages import read_manifest, staged_files, write_stage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from papers.register.facts import Files, Register


def write_public(
    register: Register,
    files: Files,
    number_of: Mapping[str, str],
    sources: Mapping[str, list[str]],
    longer: str,
    folder: Path,
) -> None:
    """Write public files, their register and a list of digests, ready to deliver, to `folder`.

    `number_of`: path of a paper's file -> number of the paper. `sources`: number of a paper -> the file of its
    meeting, and the digest of that file. `longer`: `Grammar.longer`.
    """
    rendered = render_files(register, files, SearchTexts(Cache(folder.parent / CACHE / TEXTS), code_digest()))
    digests = {name: digest_of(data) for name, data in files.items()}
    digests |= {name: digest(data) for name, data in rendered.items()}
    written = {**files, **rendered, register.path(SUMS): format_sums(digests).encode()}
    facts = {"numbers": dict(number_of), "sources": dict(sources), "longer": longer}
    facts["register"] = asdict(register)
    write_stage(folder, written, durable=True, **facts)  # it says later what may stay public


def take_out(numbers: Collection[str], restricted: Collection[str], work: Path) -> Path:
    """Write the public files again without those of the papers with these numbers; return the stage's folder.

    Papers that mention one of the `restricted` among them are taken out too, and redlines since any of them, which
    have its text.
    """
    from pydantic import TypeAdapter  # noqa: PLC0415 -- it takes a fifth of a second, and is rarely needed

    from papers.register.facts import Register  # noqa: PLC0415

    folder = published_folder(work)
    manifest, files = read_manifest(folder), staged_files(folder)
    register = TypeAdapter(Register).validate_python(manifest["register"])
    number_of = {name: number for name, number in manifest["numbers"].items() if number not in numbers}
    named = [{"number": e.number, "title": e.title} for e in register.entries if e.number in restricted]
    if leaks := LeakCheck(named, [], manifest["longer"]):
        mention = {n for name, n in number_of.items() if _mentions(name, files[name].read(), leaks)}
        number_of = {name: number for name, number in number_of.items() if number not in mention}
    rest = register.subset({*number_of.values()})
    redlines = {redline.file for entry in rest.entries for redline in entry.redlines}
    number_of = {name: n for name, n in number_of.items() if name in redlines or not _is_redline(name)}
    pages = {rest.path(entry.traces_page) for entry in rest.entries if entry.trace}
    kept = {name: file.read() for name, file in files.items() if name in number_of or name in pages}
    sources = {number: manifest["sources"][number] for number in {*number_of.values()}}
    rest = with_shown_indicators(rest, kept) if restricted else rest
    write_public(rest, kept, number_of, sources, manifest["longer"], work / REST)
    return work / REST


def _mentions(name: str, data: bytes, leaks: LeakCheck) -> bool:
    """Whether a file mentions a restricted paper; one whose text cannot be read here may do so."""
    try:
        return bool(leaks.find(text_to_check(name, data)))
    except UserError:
        return True


def _is_redline(name: str) -> bool:
    return name.startswith(f"{CHANGES}/")
