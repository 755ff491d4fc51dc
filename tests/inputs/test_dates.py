"""A date that is typed as text is read where it has one meaning only; any other says what is wrong with it."""

from __future__ import annotations

import datetime

import pytest
from papers.inputs.dates import date_in_words, wrong_date


@pytest.mark.parametrize("text", ["2017-05-05", " 5 May 2017", "5  may 2017", "05 May, 2017", "2017-5-5"])
def test_a_date_in_iso_form_or_with_the_name_of_its_month_is_read(text):
    assert date_in_words(text) == datetime.date(2017, 5, 5)


@pytest.mark.parametrize("text", ["3 Sep 2018", "3 Sept. 2018", "3 September 2018"])
def test_a_month_may_be_abbreviated(text):
    assert date_in_words(text) == datetime.date(2018, 9, 3)


@pytest.mark.parametrize(
    ("text", "found", "todo"),
    [
        ("03/04/2017", "which may be 3 April or 4 March", "Type 2017-04-03 or 2017-03-04."),
        ("04.04.2017", '"04.04.2017"', "Type 2017-04-04."),
        ("25/04/2017", '"25/04/2017"', "Type 2017-04-25."),
        ("31/02/2017", "which is no day", "Format the cell as Date"),
        ("2019-13-02", "which has no month (13)", "Format the cell as Date"),
        ("31 April 2019", "a day that April 2019 does not have", "Format the cell as Date"),
        ("2019-02-29", "a day that February 2019 does not have", "Format the cell as Date"),
        ("0201-01-01", "whose year is not between 1989 and 2100", "Format the cell as Date"),
        ("43700.0", "a number that is typed as text", "Format the cell as Date"),
        ("soon", '"soon"', "Format the cell as Date"),
        ("5 Mai 2017", '"5 Mai 2017"', "Format the cell as Date"),
    ],
)
def test_another_text_is_no_date_and_the_message_says_why(text, found, todo):
    assert date_in_words(text) is None
    assert found in wrong_date(text)[0]
    assert wrong_date(text)[1].startswith(todo)
