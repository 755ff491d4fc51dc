"""Another organisation than the shipped one: its folder is all that it needs, from covers to the seal."""

from __future__ import annotations

import re
import sys
import zipfile

import pytest
from docx import Document
from project_tools import Project, copy_project

FOLDER, FORUM = "inputs/rhc", "inputs/dredging"
MEETING = f"{FORUM}/meetings/DRG7.yaml"
ORGANISATION = r"""
name: Rivers and Harbours Commission
short_name: RHC
member: {one: member port, many: member ports, short: port, file: ports.yaml}
labels: {agenda_item: "Point:", purpose: "For:", submitted_by: "From:", forum_doc_no: "Also issued as:"}
purposes: [decision, note]
number:
  pattern: >-
    (?P<path>RHC)-(?P<year>[0-9]{4})-(?P<session>[0-9]{2})
    /(?P<sort>INF|WP)\.(?P<serial>0|[1-9][0-9]{0,2})
    (?P<addendum>/Add\.[1-9])?(?P<revision>/Rev\.[1-9][0-9]?)?
  examples: [RHC-2021-07/INF.3/Add.1, RHC-2021-07/WP.12, RHC-2020-11/INF.0/Add.2/Rev.1]
  first_year: 1991
  series: "RHC-{year}-{code}/WP"
  joint: "."
  serial_digits: 1
  revision: "/Rev.{n}"
  folder: "{year}/session-{session}/{sort}"
  file_prefix: "{path}{yy}{session}"
  file: "{file_prefix}-{sort}-{tail}"
"""
PORTS = [
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Gorse",
    "Hazel",
    "Ivy",
    "Juniper",
    "Kapok",
    "Larch",
    "Maple",
    "Nutmeg",
]
FORUM_FILE = """
code: DRG
name: Committee on Dredging
short_name: Dredging Committee
parent: {code: CW, name: Committee on Waterways}
meeting_name: Session of the Committee on Dredging
ordinals: spelled
"""
MEETING_FILE = """
code: DRG7
ordinal: 7
city: Old Quay
economy: Birch
start: 2021-07-05
end: 2021-07-06
series:
  - {prefix: RHC-2021-07/WP}
  - {prefix: RHC-2021-07/INF, folder: 2021/DRG7/information}
host_mark: [RIVERS AND HARBOURS, BIRCH 2021]
agenda:
  - {item: "1", title: Adoption of the agenda}
  - {item: "2.1", title: Terms of Reference, label: Session}
papers:
  - kind: classification-list
    title: List of Documents
    submitted_by: [Secretariat]
  - kind: agenda
    title: Agenda
    agenda_item: "1"
    purpose: decision
    submitted_by: [Secretariat]
  - kind: terms-of-reference
    title: Terms of Reference
    agenda_item: "2.1"
    purpose: note
    submitted_by: [Maple, Cedar]
    series: RHC-2021-07/INF
"""
TERMS = {
    "terms.yaml": "title: Terms of Reference\nsections: [aims.md]\n",
    "aims.md": "# Aims\n\nQuiet quays.\n",
}
LIST, AGENDA, REFERENCE = (
    "outputs/papers/2021/session-07/WP/rhc2107-wp-0.docx",
    "outputs/papers/2021/session-07/WP/rhc2107-wp-1.docx",
    "outputs/papers/2021/DRG7/information/rhc2107-inf-3.docx",
)


def members() -> str:
    entries = (
        f"  - {{name: {name}, full_name: Port of {name}, article: '', order: {at}, code: {name[:3].upper()}}}\n"
        for at, name in enumerate(PORTS, 1)
    )
    return "economies:\n" + "".join(entries)


def write(project: Project, file: str, text: str) -> None:
    path = project.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make(project: Project, verb: str, *options: str) -> str:
    command = (sys.executable, "scripts/forum_papers.py", verb, *options)
    done = project.run(*command, PYTHONPATH="scripts")
    assert done.code == 0, done.out + done.err
    return done.out


def texts(project: Project, file: str) -> list[str]:
    """The paragraphs of a paper, those of tables and of the cover included."""
    document = Document(str(project.root / file))
    return [
        "".join(node.text or "" for node in p.iter() if node.tag.endswith("}t"))
        for p in document.element.body.iter()
        if p.tag.endswith("}p")
    ]


@pytest.fixture(scope="module")
def numbered(tmp_path_factory) -> Project:
    """The invented organisation with a meeting whose papers `number` has numbered, built."""
    project = copy_project(tmp_path_factory.mktemp("rhc") / "forum")
    write(project, "config.yaml", "forum: dredging\n")
    write(project, f"{FOLDER}/organisation.yaml", ORGANISATION)
    write(project, f"{FOLDER}/ports.yaml", members())
    write(project, f"{FORUM}/forum.yaml", FORUM_FILE)
    write(project, f"{FORUM}/settings.yaml", "organisation: rhc\n")
    write(project, MEETING, MEETING_FILE)
    for name, text in TERMS.items():
        write(project, f"{FORUM}/terms-of-reference/{name}", text)
    make(project, "number", "meeting=DRG7", "by=Secretariat")
    make(project, "build")
    return project


def test_papers_get_the_numbers_of_their_series(numbered):
    entered = re.findall("number: (.*)", (numbered.root / MEETING).read_text(encoding="utf-8"))
    assert entered == ["RHC-2021-07/WP.0", "RHC-2021-07/WP.1", "RHC-2021-07/INF.3"]


def test_a_cover_has_the_words_of_the_organisation(numbered):
    cover = texts(numbered, AGENDA)
    assert cover[:20].count("Rivers and Harbours Commission") == 1
    for line in ("RHC-2021-07/WP.1", "Point: 1", "For: decision", "From: Secretariat", "RIVERS AND HARBOURS"):
        assert line in cover
    assert "Seventh Session of the Committee on Dredging" in cover
    assert not any("APEC" in line or "Agenda Item" in line for line in cover)


def test_an_item_with_a_label_of_its_own_is_called_so_on_the_cover_and_in_the_agenda(numbered):
    assert "Session 2.1" in texts(numbered, REFERENCE)
    assert "Session 2.1" in texts(numbered, AGENDA)


def test_members_are_in_their_own_order(numbered):
    assert "From: Cedar, Maple" in texts(numbered, REFERENCE)


def test_agenda_and_list_have_the_papers_of_all_series(numbered):
    numbers = {"RHC-2021-07/WP.0", "RHC-2021-07/WP.1", "RHC-2021-07/INF.3"}
    assert numbers <= {*texts(numbered, LIST)}
    assert "RHC-2021-07/INF.3" in texts(numbered, AGENDA)


def test_register_seal_and_public_folder_know_the_papers(numbered):
    page = (numbered.root / "outputs/forums/dredging/index.html").read_text(encoding="utf-8")
    public = (numbered.root / "outputs/public/forums/dredging/index.html").read_text(encoding="utf-8")
    for text in (page, public):
        assert 'id="RHC-2021-07-INF.3"' in text
        assert "Session 2.1" in text and "Point 1" in text
    assert "RHC-2021-07/INF.3" in make(numbered, "seal")
    assert (numbered.root / REFERENCE.replace("outputs/", "outputs/public/")).is_file()


def test_a_meeting_is_issued_packed_and_revised(numbered):
    make(numbered, "issue", "meeting=DRG7", "by=Secretariat", "date=2021-06-20")
    make(numbered, "package", "meeting=DRG7")
    with zipfile.ZipFile(numbered.root / "outputs/packages/DRG7-delegates.zip") as package:
        assert any(
            "Session 2.1 - Terms of Reference - RHC-2021-07-INF.3" in name for name in package.namelist()
        )
    revised = (
        "paper=RHC-2021-07/INF.3,RHC-2021-07/WP.0,RHC-2021-07/WP.1"  # list and agenda name the new number
    )
    make(numbered, "revise", revised, "why=aims changed", "by=Secretariat", "date=2021-06-25")
    write(numbered, f"{FORUM}/terms-of-reference/aims.md", "# Aims\n\nQuiet and clean quays.\n")
    make(numbered, "build")
    paper = texts(numbered, REFERENCE.replace("inf-3", "inf-3_rev_1"))
    assert {"RHC-2021-07/INF.3/Rev.1", "(Supersedes RHC-2021-07/INF.3)"} <= {*paper}
    make(numbered, "issue", "paper=RHC-2021-07/INF.3/Rev.1", "by=Secretariat", "date=2021-06-26")
    history = make(numbered, "history", "paper=RHC-2021-07/INF.3")
    assert [line.split()[1] for line in history.splitlines()] == ["numbered", "issued", "revised", "issued"]
