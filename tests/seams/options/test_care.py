"""The options of the care of collections: what there is, whether it is sound, its name, its end."""

from tests.seams.options.rows import each_option_of, row, row_of


@each_option_of("", "list", "info", "check", "rename", "remove")
def test_each_option_of_care_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


@row("info", "name")
def info_name(desk):
    """That collection; needed when there are several."""
    assert desk("info").code == 3
    assert desk("info", "things", "--json").json["pictures"] == len(desk.photos)
    assert desk("info", "others", "--json").json["pictures"] == 9


@row("info", "--skipped")
def info_skipped(desk):
    """Every file that was left out, where else the last ones are only counted."""
    files = {f"broken-{number:02}.jpg" for number in range(22)}
    plain, every = desk("info", "things").out, desk("info", "things", "--skipped").out
    assert sum(file in plain for file in files) == 20
    assert "and 2 more" in plain
    assert all(file in every for file in files)
    assert "cup/cut.jpg" not in every


@row("info", "--remarks")
def info_remarks(desk):
    """The picture whose end is missing, where else it is only counted."""
    plain, every = desk("info", "things").out, desk("info", "things", "--remarks").out
    assert "cup/cut.jpg" not in plain
    assert "1 picture was read with a remark" in plain
    (line,) = [line for line in every.splitlines() if "cup/cut.jpg" in line]
    assert "(" in line
    assert "broken-21.jpg" not in every


@row("check", "name")
def check_name(desk):
    """That collection; needed when there are several."""
    assert desk("check", "--sample", 0).code == 3
    for name, pictures in (("things", len(desk.photos)), ("others", 9)):
        found = desk("check", name, "--sample", 0, "--json").json
        assert (found["collection"], found["pictures"]) == (name, pictures)


@row("check", "--repair")
def check_repair(desk):
    """Nothing is changed without it; with it lost thumbnails are made again."""
    thumbnails = desk.data / "collections/things/thumbnails"
    lost = min(path for path in thumbnails.rglob("*") if path.is_file())
    lost.unlink()
    plain = desk("check", "things", "--sample", 0, "--json")
    assert (plain.code, plain.json["sound"], plain.json["repaired"]) == (7, False, False)
    assert not lost.exists()
    mended = desk("check", "things", "--sample", 0, "--repair", "--json")
    assert (mended.code, mended.json["sound"], mended.json["repaired"]) == (0, True, True)
    assert lost.exists()


@row("check", "--sample")
def check_sample(desk):
    """So many pictures are embedded again; none for 0."""
    for count in (0, 3):
        assert desk("check", "things", "--sample", count, "--json").json["sampled"] == count


@row("rename", "name", "new_name")
def rename(desk):
    """That collection has the new name, with all that it has."""
    before = desk.found("fish")
    assert desk("rename", "things", "stuff").code == 0
    assert {one["collection"] for one in desk("list", "--json").json} == {
        "stuff",
        "others",
        "strange",
    }
    answer = desk.ask("search", "fish", collection="stuff")
    assert [desk.path(one) for one in answer["results"]] == before


@row("remove", "name", "--yes")
def remove(desk):
    """Nothing is removed without a yes, nor anything but what is named; pictures stay."""
    assert desk("remove", "things").code == 3
    assert len(desk("list", "--json").json) == 3
    assert desk("remove", "things", "--yes").code == 0
    assert {one["collection"] for one in desk("list", "--json").json} == {"others", "strange"}
    assert (desk.folder / "cat/1.jpg").exists()
