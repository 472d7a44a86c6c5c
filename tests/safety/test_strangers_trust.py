"""A model that only a collection names is not loaded before a person confirms it."""

import json
import os
import shutil
import sqlite3

import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.embedding import is_trusted, load_embedder, quick_signature, trust
from search_engine.errors import ModelNotConfirmed, ModelUnavailable
from search_engine.jobs.control import Jobs, JobState
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL, Settings
from tests.conftest import paint
from tests.safety.hostile_models import MINI


@pytest.fixture
def folder(tmp_path):
    """A model in a folder that nobody chose here; it is the bundled one, so that it can answer."""
    return shutil.copytree(MINI, tmp_path / "elsewhere" / "model")


@pytest.fixture
def pictures(tmp_path):
    """Two categories of two pictures each."""
    for colour in ("red", "blue"):
        for number in range(2):
            paint(tmp_path / "pictures" / colour / f"{number}.png", colour, salt=number)
    return tmp_path / "pictures"


@pytest.fixture
def holiday(pictures, folder, settings):
    """A collection as a stranger gives it away: catalog and manifest name a model of theirs."""
    name, wanted = plan_build(pictures, settings, name="holiday", model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    rename_model(settings, name, str(folder))
    return name


def rename_model(settings, name, model_id):
    """Let manifest and catalog name another model."""
    place = settings.collections_folder / name
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["model"]["model_id"] = model_id
    (place / "manifest.json").write_text(json.dumps(manifest))
    with sqlite3.connect(place / "catalog.sqlite") as catalog:
        for key in ("settings", "model"):
            (value,) = catalog.execute(
                "SELECT value FROM collection WHERE key = ?", (key,)
            ).fetchone()
            changed = json.loads(value)
            (changed if key == "settings" else changed[1])["model_id"] = model_id
            catalog.execute(
                "UPDATE collection SET value = ? WHERE key = ?", (json.dumps(changed), key)
            )
    catalog.close()


COMMANDS = {
    "search": ["search", "red"],
    "explain": ["explain", "red", "--picture", "1"],
    "prompt": ["prompt", "--no-open"],
    "wording": ["wording", "red"],
    "templates": ["evaluate", "templates"],
    "presence": ["evaluate", "presence"],
    "suspects": ["suspects", "--signal", "words"],
    "index": ["index", "pictures"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_loads_a_model_that_nobody_chose(command, holiday, folder, run, tmp_path):
    """Each ends with the code of model errors, names the model and says how to confirm it."""
    os.mkfifo(folder / "waits.json")  # whoever looks through the folder stops here
    arguments = [str(tmp_path / "pictures") if one == "pictures" else one
                 for one in COMMANDS[command]]  # fmt: skip
    if command == "index":
        paint(tmp_path / "pictures" / "red" / "new.png", "red", salt=9)
    code, _, said = run(*arguments)
    assert code == 5, said
    assert str(folder) in said
    assert "--trust-model" in said


def test_a_confirmed_model_answers_from_then_on(holiday, run, settings, folder):
    """With --trust-model the query is answered, and the next one without it as well."""
    assert run("search", "red")[0] == 5
    code, out, _ = run("search", "red", "--trust-model")
    assert code == 0
    assert "4 pictures" in out
    assert run("search", "red")[0] == 0
    assert is_trusted(str(folder), settings)


def test_a_card_may_be_confirmed_as_well(holiday, run, tmp_path):
    """``replay`` asks the collection that the card names, and refuses its model likewise."""
    assert run("search", "#1", "--card", tmp_path / "card.json")[0] == 0
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["terms"][0]["picture"] == 1
    assert run("search", "red", "--card", tmp_path / "other.json", "--trust-model")[0] == 0
    (tmp_path / "data/collections/.models.json").unlink()
    assert run("replay", tmp_path / "other.json")[0] == 5
    assert run("replay", tmp_path / "other.json", "--trust-model")[0] == 0


def test_a_check_embeds_nothing_by_a_model_that_nobody_chose(holiday, run, folder):
    """It says what was not looked at; with --trust-model it is."""
    os.mkfifo(folder / "waits.json")
    code, out, said = run("check", "holiday")
    assert str(folder) in out + said
    assert code == 0
    (folder / "waits.json").unlink()
    code, out, said = run("check", "holiday", "--trust-model")
    assert "4 embedded again" in out


def test_naming_a_model_is_choosing_it(holiday, run, pictures, folder, settings):
    """``index --model`` is a choice, which holds for every search afterwards."""
    assert run("index", pictures, "--name", "holiday", "--model", folder)[0] == 0
    assert run("search", "red")[0] == 0


def test_a_build_that_names_a_model_of_its_own_chooses_it(pictures, folder, settings):
    """From Python, what `plan_build` was given and the catalog did not name is chosen."""
    name, wanted = plan_build(pictures, settings, model_id=str(folder))
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        assert engine.search("red").results


def test_an_update_takes_no_model_from_the_catalog(holiday, pictures, settings, folder):
    """A build that is told nothing takes the catalog's model, and refuses it by name."""
    name, wanted = plan_build(pictures, settings, name=holiday)
    assert wanted.model_id == str(folder)
    with pytest.raises(ModelNotConfirmed) as refused:
        build_collection(name, wanted, settings)
    assert refused.value.model_id == str(folder)
    assert not is_trusted(str(folder), settings)


def test_a_job_ends_with_the_reason(holiday, pictures, settings, folder):
    """A build in a process of its own fails with the same words."""
    name, wanted = plan_build(pictures, settings, name=holiday)
    jobs = Jobs(settings)
    jobs.start(name, wanted)
    while (status := jobs.status(name)).state.active:
        pass
    assert status.state is JobState.FAILED
    assert str(folder) in str(status.trouble)


def test_queries_without_words_need_no_model(holiday, settings):
    """Pictures of the collection are compared with one another, whoever made it."""
    with SearchEngine.open(holiday, settings) as engine:
        assert engine.search("#1").results[0].record.picture_id == 1
        with pytest.raises(ModelNotConfirmed):
            engine.embedder()


def test_the_models_of_the_program_need_no_choice(settings):
    """The bundled model and the usual one are the program's own choice."""
    assert is_trusted(MINI_MODEL, settings)
    assert is_trusted(DEFAULT_MODEL, settings)
    for other in ("clip-ViT-B-16", f"sentence-transformers/{DEFAULT_MODEL}", "./mini", "mini "):
        assert not is_trusted(other, settings)


def test_both_halves_of_a_model_have_to_be_chosen(settings):
    """Two models joined are two choices."""
    assert not is_trusted(f"{MINI_MODEL}::stranger/words", settings)
    assert not is_trusted(f"stranger/pictures::{MINI_MODEL}", settings)
    trust(f"{MINI_MODEL}::stranger/words", settings)
    assert is_trusted("stranger/words", settings)
    assert is_trusted(f"stranger/words::{DEFAULT_MODEL}", settings)
    assert not is_trusted("stranger/pictures::stranger/words", settings)


@pytest.mark.parametrize("linked", [False, True], ids=["in place", "through a link"])
def test_a_model_among_the_collections_is_never_loaded(holiday, settings, tmp_path, linked, run):
    """Also a chosen model is refused where it lies in a folder that may come from somebody else."""
    inside = shutil.copytree(MINI, settings.collections_folder / holiday / "model")
    named = inside
    if linked:
        named = tmp_path / "link"
        named.symlink_to(inside)
    rename_model(settings, holiday, str(named))
    code, _, said = run("search", "red", "--trust-model")
    assert code == 5
    assert "among the collections" in said


@pytest.mark.parametrize("name", ["clip-ViT-B-32", "sentence-transformers/clip-ViT-B-32"])
def test_a_folder_here_is_never_taken_for_a_model_of_the_hub(name, settings, tmp_path, monkeypatch):
    """Started in a stranger's folder, the program does not load what lies there under that name."""
    shutil.copytree(MINI, tmp_path / "here" / name)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    with pytest.raises(ModelUnavailable, match="not on this machine"):
        load_embedder(name, settings)


NO_NAMES = ["../model", "a/b/c", "", "::", "model\0", "/nowhere/model", "a" * 5000, "~nobody/model"]
NO_NAMES += ["https://localhost/model", "\udcff"]


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_of_a_model_is_refused(name, settings):
    """Names that are neither a folder nor an id of the hub go nowhere."""
    with pytest.raises(ModelUnavailable, match=r"There is no (model|folder)"):
        load_embedder(name, settings)


def test_an_unknown_folder_is_not_looked_into(tmp_path, settings):
    """The signature of a model that nobody chose is that of its name alone."""
    folder = tmp_path / "model"
    folder.mkdir()
    before = quick_signature(str(folder), settings)
    (folder / "new").write_text("new")
    assert quick_signature(str(folder), settings) == before
    trust(str(folder), settings)
    assert quick_signature(str(folder), settings) != before


NO_LISTS = ["", "[]", "[" * 100_000, '{"models": 1}', "\x00", '{"folder": 3}']
FOREIGN_LIST = '{"folder": "/elsewhere", "models": ["stranger/model"]}'


@pytest.mark.parametrize("content", [*NO_LISTS, FOREIGN_LIST])
def test_a_list_of_choices_that_is_not_ours_chooses_nothing(content, settings):
    """Broken, or brought along from another place: nothing in it counts; it is written anew."""
    settings.collections_folder.mkdir(parents=True)
    settings.models_file.write_text(content)
    assert not is_trusted("stranger/model", settings)
    trust("mine/model", settings)
    assert is_trusted("mine/model", settings)
    assert not is_trusted("stranger/model", settings)


@pytest.mark.parametrize("what", ["link", "pipe", "endless"])
def test_a_list_that_is_no_file_is_replaced(what, settings, tmp_path):
    """Nothing is written through a link, and nothing waits for a pipe."""
    settings.collections_folder.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    if what == "pipe":
        os.mkfifo(settings.models_file)
    else:
        settings.models_file.symlink_to(victim if what == "link" else "/dev/zero")
    assert not is_trusted("stranger/model", settings)
    trust("mine/model", settings)
    assert is_trusted("mine/model", settings)
    assert victim.read_text() == "mine"
    assert settings.models_file.lstat().st_mode & 0o777 == 0o600


def test_a_choice_that_cannot_be_kept_holds_for_now(tmp_path):
    """Where nothing can be written, a confirmed model is loaded by this process, there alone."""
    (tmp_path / "data").write_text("a file")
    trust("mine/model", Settings(tmp_path / "data"))
    assert is_trusted("mine/model", Settings(tmp_path / "data"))
    assert not is_trusted("mine/model", Settings(tmp_path / "other"))
