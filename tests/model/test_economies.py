"""The names of economies: accepted in every spelling of the same letters; a wrong name leads to the right one or to none."""

from __future__ import annotations

import unicodedata

import pytest
from organisation_tools import APEC
from papers.inputs.schemas import EconomiesFile, NomenclatureFile, OtherNamesFile
from papers.inputs.yaml import read_yaml
from papers.model.economies import Economies
from papers.problems import Place, Problems
from project_tools import ROOT

WRONG = {
    "Australia": "Austrlia|Australlia|AUS|AU|Austalia|Commonwealth of Australia",
    "Brunei Darussalam": "Brunei|Brunei Darusalam|BRN|BN|Negara Brunei Darussalam|Brunei-Darusalam",
    "Canada": "Cananda|CAN|CA|Canda|Kanada",
    "Chile": "CHL|CL|Republic of Chile|Chilé",
    "China": "PRC|P.R.C.|CHN|P.R. China|PR China|Mainland China|Peoples Republic of China|China, PR|CN",
    "Hong Kong, China": "Hong Kong|Hong Kong China|Hong Kong-China|HongKong|HKC|HK|HKSAR|Hong Kong SAR|Hongkong, China"
    "|Hong Kong, Chian|H.K.",
    "Indonesia": "Indonesa|IDN|Republic of Indonesia|Indonisia|Indonésia|INA",
    "Japan": "JPN|JP|Japon|Jappan",
    "Korea": "South Korea|ROK|R.O.K.|KOR|KR|Korea, Republic of|Rep. of Korea|Korea (South)",
    "Malaysia": "Malasia|MYS|MY|Malaysa|Malyasia",
    "Mexico": "México|MEX|Mexcio|United Mexican States|MX|Mexiko",
    "New Zealand": "NZ|N.Z.|NZL|New Zeeland|New-Zealand|NewZealand|Aotearoa|New Zeland",
    "Papua New Guinea": "PNG|P.N.G.|Papua|Papua New Guinee|Papua-New Guinea|Papua New Gunea|PG",
    "Peru": "Perú|PER|Republic of Peru|PE",
    "Philippines": "PHL|PH|Phillipines|Philipines|The Phillippines|Philippine|Republic of Philippines",
    "Russia": "RUS|RU|Russia Federation|Russian Fed.|Russian Federatoin|RF|the Russian Federaton",
    "Singapore": "SGP|SG|Singapur|Singapoure|Republic of Singapore|Singpore",
    "Chinese Taipei": "Taiwan|TAIWAN|Taipei|Taipei, China|Chinese-Taipei|Chinese Taipai|TWN|TW|CTP|CT|R.O.C."
    "|Taiwan, Province of China|Chinise Taipei|TPE",
    "Thailand": "THA|TH|Thiland|Tailand|Kingdom of Thailand|Thai land",
    "United States": "USA|U.S.A.|U.S.|US|the US|America|United State|United States of Amercia|The USA|United Sates",
    "Viet Nam": "Vietnam|Viêt Nam|Việt Nam|VNM|VN|Viet-Nam|Vietnm|Socialist Republic of Viet Nam|VIETNAM",
}
NO_MEMBERS = """Austria|North Korea|DPRK|Macao|Macau|Macao, China|Mongolia|India|Guinea|Equatorial Guinea|Ireland|Iceland
Finland|Poland|Switzerland|Swaziland|Argentina|Brazil|Bolivia|Colombia|Costa Rica|Ecuador|Cuba|Panama|Paraguay|Uruguay
Venezuela|Guatemala|Honduras|Nicaragua|El Salvador|Jamaica|Haiti|Cambodia|Laos|Lao PDR|Myanmar|Timor-Leste|Fiji|Samoa
Solomon Islands|Vanuatu|Tonga|Palau|Nepal|Bhutan|Bangladesh|Pakistan|Sri Lanka|Maldives|Kazakhstan|Ukraine|Belarus
Georgia|Armenia|Albania|Algeria|Niger|Nigeria|Mali|Malawi|Malta|Mauritania|Morocco|Monaco|Moldova|Slovenia|Slovakia
Romania|Bulgaria|Hungary|Croatia|Serbia|Prague|United Kingdom|UK|UAE|United Arab Emirates|EU|European Union|ASEAN|Turkey
France|Germany|Spain|Italy|Portugal|Norway|Sweden|Denmark|Israel|Iran|Iraq|Kuwait|Qatar|Oman|Jordan|Lebanon|Gibraltar"""
PLACE = Place("x.yaml", line=1)


@pytest.fixture(scope="module")
def economies() -> Economies:
    problems = Problems()
    files = {"economies": EconomiesFile, "other_names": OtherNamesFile, "nomenclature": NomenclatureFile}
    read = [
        read_yaml(ROOT / file, file, form, problems)
        for file, form in ((f"inputs/apec/{name}.yaml", form) for name, form in files.items())
    ]
    register = Economies.of(read[0], APEC, problems)
    register.add_other_names(read[1], read[2], problems)
    assert not problems, problems.lines()
    return register


def hint(economies: Economies, name: str) -> str:
    """Return what the message about a name says to do; "" if the name is accepted."""
    problems = Problems()
    economies.find(name, PLACE, problems)
    return problems.found[0].todo if problems else ""


@pytest.mark.parametrize("right", WRONG)
def test_a_wrong_name_leads_to_the_economy_that_is_meant(economies, right):
    hints = {name: hint(economies, name) for name in WRONG[right].split("|")}

    assert set(hints.values()) == {f'Did you mean "{right}"?'}


def test_a_name_of_no_member_leads_to_none(economies):
    names = NO_MEMBERS.replace("\n", "|").split("|")
    hints = {name: hint(economies, name) for name in names}
    assert {
        name: text for name, text in hints.items() if text != "Use a name from inputs/apec/economies.yaml."
    } == {}


@pytest.mark.parametrize(("name", "meant"), [("Preu", "Peru"), ("Pery", ""), ("Prue", ""), ("Cuba", "")])
def test_in_a_short_name_two_letters_that_changed_places_are_found(economies, name, meant):
    found = economies.meant_by(name)
    assert (found.name if found else "") == meant


def test_at_least_two_hundred_wrong_names_are_tried():
    assert len("|".join([*WRONG.values(), NO_MEMBERS.replace("\n", "|")]).split("|")) >= 200


@pytest.mark.parametrize("name", ["viet nam", "Viet\u00a0Nam", "VIET NAM", "Viet\u00ad Nam", " Viet  Nam "])
def test_a_name_is_found_in_any_case_and_with_any_space(economies, name):
    assert economies.find(name, PLACE, Problems()).name == "Viet Nam"


def test_a_name_is_found_in_decomposed_letters():
    named = {"name": "Pérou", "full_name": "Pérou", "article": "", "order": 1, "code": "PER"}
    form = EconomiesFile.model_validate({"economies": [named]})
    read = type("Document", (), {"name": "x.yaml", "form": form, "place": lambda *_: PLACE})()
    register = Economies.of(read, APEC, Problems())
    assert register.find(unicodedata.normalize("NFD", "Pérou"), PLACE, Problems()).code == "PER"


@pytest.mark.parametrize(
    ("name", "meant"), [("Ministry of Trade, Peru", ""), ("Vietnam", "Viet Nam"), ("Tailand", "Thailand")]
)
def test_only_the_wrong_name_of_an_economy_is_reported_among_bodies(economies, name, meant):
    problems = Problems()
    economies.check_body(name, PLACE, problems)
    assert [problem.todo for problem in problems.found] == ([f'Did you mean "{meant}"?'] if meant else [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hong Kong, China, Peru", ["Hong Kong, China", "Peru"]),
        ("China, Hong Kong, China", ["China", "Hong Kong, China"]),
        ("Hong Kong, China", ["Hong Kong, China"]),
        ("Peru; Chile, Japan;", ["Peru", "Chile", "Japan"]),
        ("Peru, Phillipines, Chile", ["Peru", "Phillipines", "Chile"]),
        ("Hong Kong, Peru", ["Hong Kong", "Peru"]),
        ("Taipei, China, Peru", ["Taipei, China", "Peru"]),
        ("China, PR", ["China, PR"]),
        ("Alpha, Beta", ["Alpha, Beta"]),
        ("Peru, SMEWG Chair", ["Peru", "SMEWG Chair"]),
        ("Peru, Hong Kong China", ["Peru", "Hong Kong China"]),
        ("Indonesia, Peru, Hong Kong China", ["Indonesia", "Peru", "Hong Kong China"]),
    ],
)
def test_names_between_commas_are_taken_apart_where_the_known_names_leave_no_doubt(economies, text, names):
    assert economies.split_names(text, ["SMEWG Chair"]) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Peru and Chile", ["Peru", "Chile"]),
        ("Peru / Chile", ["Peru", "Chile"]),
        ("Peru, Hong Kong, China and Chile", ["Peru", "Hong Kong, China", "Chile"]),
        ("Peru, Chile, and Japan", ["Peru", "Chile", "Japan"]),
        ("Peru and Alpha", []),
        ("Peru, Chile", []),
    ],
)
def test_names_joined_by_and_or_a_stroke_are_known_if_each_of_them_is(economies, text, names):
    assert economies.joined_names(text) == names


def test_a_text_that_can_be_taken_apart_in_two_ways_stays_one_name(economies):
    assert economies.split_names("Peru, Chile", ["Chile", "Peru, Chile"]) == ["Peru, Chile"]
    both = economies.split_names("Peru, Chile, Japan", ["Peru, Chile"])
    assert both == ["Peru, Chile, Japan"]
