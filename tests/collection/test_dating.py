"""Dates in every spelling, and names of files that are dates or only look like them."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest

from search_engine.collection.dating import (
    DatedBy,
    by_name,
    date_of,
    from_name,
    from_text,
    in_words,
)

MOMENT = "2019-05-04T10:11:12"
DAY = "2019-05-04T00:00:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019:05:04 10:11:12", MOMENT),
        ("2019-05-04T10:11:12", MOMENT),
        ("2019-05-04T10:11:12Z", MOMENT),
        ("2019-05-04T10:11:12+02:00", MOMENT),
        ("2019-05-04T10:11:12.345-0700", MOMENT),
        ("2019:05:04T10:11:12", MOMENT),
        ("2019/05/04 10:11:12", MOMENT),
        ("2019.05.04 10:11:12", MOMENT),
        ("2019:5:4 10:11:12", MOMENT),
        ("2019:05:04  10:11:12", MOMENT),
        ("20190504T101112", MOMENT),
        ("2019:05:04 10:11:12\0\0", MOMENT),
        ("2019:05:04 10:11:12 AM", MOMENT),
        ("2019:05:04", DAY),
        ("2019-05-04", DAY),
        ("20190504", DAY),
        ("2019:05:04 9:8:7", "2019-05-04T09:08:07"),
        ("2019:05:04 10:11", "2019-05-04T10:11:00"),
        ("2019:05:04 10:11:12 PM", "2019-05-04T22:11:12"),
        ("2019:05:04 24:00:00", "2019-05-05T00:00:00"),
        ("2019:12:31 23:59:60", "2019-12-31T23:59:59"),
        ("1826-06-01", "1826-06-01T00:00:00"),
        ("0001:01:01 00:00:00", None),
        ("0000:00:00 00:00:00", None),
        ("1825:12:31 10:00:00", None),
        ("2019:02:30 10:11:12", None),
        ("2019:05:04 25:00:00", None),
        ("2019:05:04 24:00:01", None),
        ("9999:12:31 24:00:00", None),
        ("    :  :     :  :  ", None),
        ("2019", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ((2019, 5, 4), None),
    ],
    ids=str,
)
def test_a_date_is_read_in_many_spellings(text, expected):
    """What a person can read as a date is one; zeros, years before photography and nonsense not."""
    assert from_text(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_20190504_101112.jpg", MOMENT),
        ("IMG_20190504_101112_1.jpg", MOMENT),
        ("IMG_20190504_101112~2.jpg", MOMENT),
        ("PXL_20190504_101112345.jpg", MOMENT),
        ("PXL_20190504_101112345.MP.jpg", MOMENT),
        ("MVIMG_20190504_101112.jpg", MOMENT),
        ("VID_20190504_101112.jpg", MOMENT),
        ("20190504_101112.jpg", MOMENT),
        ("20190504_101112(0).jpg", MOMENT),
        ("20190504101112.jpg", MOMENT),
        ("IMG-20190504-WA0001.jpg", DAY),
        ("Screenshot_2019-05-04-10-11-12.png", MOMENT),
        ("Screenshot_20190504-101112_Chrome.jpg", MOMENT),
        ("Screenshot from 2019-05-04 10-11-12.png", MOMENT),
        ("Screen Shot 2019-05-04 at 10.11.12 AM.png", MOMENT),
        ("Bildschirmfoto 2019-05-04 um 10.11.12.png", MOMENT),
        ("signal-2019-05-04-101112.jpg", MOMENT),
        ("signal-2019-05-04-10-11-12-345.jpg", MOMENT),
        ("WhatsApp Image 2019-05-04 at 10.11.12.jpeg", MOMENT),
        ("WhatsApp Image 2019-05-04 at 10.11.12 (1).jpeg", MOMENT),
        ("WhatsApp Image 2019-05-04 at 10.11.12 PM.jpeg", "2019-05-04T22:11:12"),
        ("2019-05-04 10.11.12.jpg", MOMENT),
        ("2019-05-04T10:11:12.jpg", MOMENT),
        ("photo_2019-05-04_10-11-12.jpg", MOMENT),
        ("WP_20190504_10_11_12_Pro.jpg", MOMENT),
        ("C360_2019-05-04-10-11-12-123.jpg", MOMENT),
        ("00000IMG_00000_BURST20190504101112345_COVER.jpg", MOMENT),
        ("Photo on 2019-05-04 at 10.11.jpg", "2019-05-04T10:11:00"),
        ("2019-05-04.jpg", DAY),
        ("2019-05-04-0001.jpg", DAY),
        ("20190504_0001.jpg", DAY),
        ("IMG_20190504_251112.jpg", DAY),
        ("holiday/2019-05-04/cat.jpg", None),
        ("DSC01234.jpg", None),
        ("cat_2019.jpg", None),
        ("1920x1080.jpg", None),
        ("20191345.jpg", None),
        ("201905041.jpg", None),
        ("12345678.jpg", None),
        ("IMG_18990101_101112.jpg", None),
        ("IMG_19891231_101112.jpg", None),
        ("a" * 300 + "2019-05-04.jpg", None),
        ("", None),
    ],
)
def test_a_date_in_a_name_is_believed_where_phones_write_one(name, expected):
    """Names of phones, messengers and screenshots date a picture; numbers like dates do not."""
    assert from_name(name) == expected


def test_a_name_may_say_tomorrow_but_not_later():
    """Somewhere it is tomorrow already; next week is a number."""
    today = date.today()  # noqa: DTZ011 - as clocks here show
    assert from_name(f"IMG_{today + timedelta(1):%Y%m%d}_101112.jpg")
    assert from_name(f"IMG_{today + timedelta(7):%Y%m%d}_101112.jpg") is None


def test_a_moment_counted_in_milliseconds_is_read_where_apps_write_it():
    """Facebook and WeChat count from 1970; a bare number is none."""
    assert from_name("FB_IMG_1556964672000.jpg").startswith("2019-05-04")
    assert from_name("1556964672000.jpg") is None


@pytest.mark.parametrize(
    ("path", "taken_at", "dated_by", "expected"),
    [
        ("IMG_20190504_101112.jpg", None, None, (MOMENT, DatedBy.NAME)),
        ("cat.jpg", MOMENT, "name", (None, None)),
        ("2019-05-04.jpg", MOMENT, "name", (DAY, DatedBy.NAME)),
        ("IMG_20190504_101112.jpg", "2008-01-01T00:00:00", "camera",
         ("2008-01-01T00:00:00", "camera")),
        ("IMG_20190504_101112.jpg", "2008-01-01T00:00:00", None, ("2008-01-01T00:00:00", None)),
        ("cat.jpg", None, None, (None, None)),
    ],
)  # fmt: skip
def test_a_name_dates_only_what_nothing_else_does(path, taken_at, dated_by, expected):
    """A renamed picture wins or loses the date of its name, and keeps the camera's."""
    assert by_name(path, taken_at, dated_by) == expected


def test_every_picture_has_the_date_that_filters_use():
    """Without any other the file's own date counts, and is called so."""
    assert date_of(MOMENT, "name", 0) == (MOMENT, "name")
    assert date_of(MOMENT, None, None) == (MOMENT, DatedBy.CAMERA)
    shown, source = date_of(None, None, 1_556_964_672 * 10**9)
    assert (shown[:10], source) == ("2019-05-04", DatedBy.FILE)
    assert date_of(None, None, 2**63 - 1)[1] == DatedBy.FILE
    assert date_of(None, None, 0)[0][:4] in {"1969", "1970"}  # there are files of that moment
    assert date_of(None, None, None) == ("", DatedBy.FILE)


@pytest.mark.parametrize(
    ("iso", "words"), [(MOMENT, "2019-05-04 10:11:12"), (DAY, "2019-05-04"), ("", "")]
)
def test_a_date_without_a_time_shows_none(iso, words):
    """A midnight that nobody measured is not shown."""
    assert in_words(iso) == words


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_date_in_a_name_is_read_in_both_spellings(form):
    """A Mac writes the à of its screenshots in two characters."""
    name = normalize(form, "Capture d\u2019\u00e9cran 2021-07-04 \u00e0 10.11.12.png")
    assert from_name(name) == "2021-07-04T10:11:12"
