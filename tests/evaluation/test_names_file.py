"""A file of names is read however it was saved, and what is wrong with it is told by its line."""

import pytest

from search_engine.errors import BadInput
from search_engine.evaluation import names_file
from search_engine.evaluation.names_file import names_from, read_names_file


def read(text, encoding="utf-8"):
    """Read a file that holds this text; give the names of each code."""
    names = names_from(text.encode(encoding), "names.csv")
    return {code: list(names.of(code)) for code in names.codes}


TENCH = {"n01440764": ["tench", "Tinca tinca"], "n01443537": ["goldfish"]}


@pytest.mark.parametrize(
    "text",
    [
        "n01440764,tench,Tinca tinca\nn01443537,goldfish\n",
        'n01440764,"tench, Tinca tinca"\nn01443537,"goldfish"',
        '"n01440764","tench","Tinca tinca"\r\n"n01443537","goldfish"\r\n',
        "n01440764, tench, Tinca tinca\n\n  \nn01443537 , goldfish ,\n",
        "n01440764;tench;Tinca tinca\nn01443537;goldfish",
        "n01440764;tench, Tinca tinca\rn01443537;goldfish\r",
        "n01440764\ttench, Tinca tinca\nn01443537\tgoldfish",
        "n01440764 tench, Tinca tinca\nn01443537 goldfish",
        "n01440764  tench,Tinca_tinca\nn01443537   goldfish",
        "synset,words,more\nn01440764,tench,Tinca tinca\nn01443537,goldfish",
        "code name\nn01440764 tench, Tinca tinca\nn01443537 goldfish",
        "n01440764,tench,Tinca tinca\nn01443537,goldfish\nn01440764,tench,Tinca tinca",
        "n01440764,tench,tench,Tinca tinca\nn01443537,goldfish",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_it_is_read_however_it_was_saved(text, encoding):
    """Commas, semicolons, tabs or a blank; quotes; headings; any ends of lines; with a mark."""
    assert read(text, encoding) == TENCH


def test_commas_between_names_do_not_part_them_from_the_code():
    """A blank behind the code does, also where every line has commas as well."""
    assert read("n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius") == {
        "n01440764": ["tench", "Tinca tinca"], "n01443537": ["goldfish", "Carassius"],
    }  # fmt: skip
    assert read("class 7,cat,tom\nclass 8,dog,hound") == {
        "class 7": ["cat", "tom"], "class 8": ["dog", "hound"],
    }  # fmt: skip


def test_names_and_codes_are_those_of_any_language():
    """Letters of one name in two spellings are one; a name keeps its signs, underscores aside."""
    assert read("01,Äpfel\n02,猫\n03,T-shirt\n04,great_white_shark") == {
        "01": ["Äpfel"], "02": ["猫"], "03": ["T-shirt"], "04": ["great white shark"],
    }  # fmt: skip
    names = names_from("cafe\u0301,coffee\nClass 7,seven".encode(), "names.csv")
    assert names.of("caf\u00e9") == ("coffee",)
    assert names.of("class 7") == names.of("CLASS 7") == ("seven",)
    assert names.of("class 8") == ()


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b"n01,tench\nn02\nn03,eel", 2, "'n02' has no name"),
        (b"n01,tench\n\nn02,,\n", 3, "'n02' has no name"),
        (b"n01,tench\n,eel", 2, "'eel' has no folder before it"),
        (b"n01,tench\nn02,eel\nN01,pike", 3, "other names here than in line 1"),
        (b"n01,tench\nn02,caf\xe9", 2, "not in UTF-8"),
        ("n01,tench".encode("utf-16"), 1, "not in UTF-8"),
        (b"n01,tench\nn02," + 1_001 * b"x", 2, "longer than 1,000 characters"),
        (b"n01,tench\nn02," + 200_000 * b"x", 2, "longer than 100,000 characters"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(content, line, told):
    """Cause, place with the line, and what to do; nothing is taken of such a file."""
    with pytest.raises(BadInput, match=told) as error:
        names_from(content, "names.csv")
    assert error.value.place == f"names.csv, line {line}"
    assert error.value.remedy


@pytest.mark.parametrize("content", [b"", b"\n \n", b"code,name\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(content):
    """It would change nothing, so it is not what was meant."""
    with pytest.raises(BadInput, match="is empty"):
        names_from(content, "names.csv")


def test_a_missing_quote_spoils_one_line():
    """What follows it is still there."""
    assert read('n01,"tench\nn02,eel') == {"n01": ["tench"], "n02": ["eel"]}


def test_a_file_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    """One that is not there, a folder, and one that is no list of names by its size."""
    with pytest.raises(BadInput, match="cannot be read: No such file") as error:
        read_names_file(tmp_path / "none.csv")
    assert error.value.place == str(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="cannot be read"):
        read_names_file(tmp_path)
    file = tmp_path / "names.csv"
    file.write_text("n01,tench")
    assert read_names_file(file).of("n01") == ("tench",)
    monkeypatch.setattr(names_file, "MOST_BYTES", 8)
    with pytest.raises(BadInput, match="larger than"):
        read_names_file(file)


def test_two_files_are_told_apart_by_what_they_say():
    """Not by how they were saved: what was measured with one stands for the other."""
    one, other = names_from(b"n01,tench", "a.csv"), names_from(b"n01;tench", "b.csv")
    assert one == other
    assert hash(one) == hash(other)
    assert one != names_from(b"n01,pike", "a.csv")
    assert repr(one) == repr(other) != repr(names_from(b"n01,pike", "a.csv"))
