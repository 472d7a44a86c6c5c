"""Run hostile queries in a process that notes what it opens; run by test_words_are_words.

An audit hook cannot be taken away again, so this is a process of its own. The folder it runs in is
full of baits: files that no text may make it look at.
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import quote

from streamlit.testing.v1 import AppTest

from search_engine.cli import main
from search_engine.query import Query

ROOT = Path(__file__).parent.parent.parent
BAITS = Path.cwd()
PICTURES = str(BAITS.parent / "pictures")
"""Of the collection, where a folder is called as a bait is."""
PICTURE = "bait.png"
VIDEO = "bait.mp4"
TINY = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
touched = []


def looks_like_words(site):
    """Texts that the syntax takes as words, and that look like a picture to a library."""
    return [
        f"http://{site}/bait.jpg",
        f"http://{site}/bait.webp?size=large#top",
        f"https://{site}/bait.png",
        f"http://{site}/bait.mp4",
        f"http://{site}/bait.wav",
        f"ftp://{site}/bait.jpg",
        f"file://{BAITS / PICTURE}",
        TINY,
        "data:image/png;base64,////",
        PICTURE,
        PICTURE.upper(),
        VIDEO,
        "bait.mp3",
        quote(f"http://{site}/bait.jpg", safe=""),
        quote(str(BAITS / PICTURE), safe=""),
        "https://[[broken]]/bait.jpg",
        "<image>",
        "<|image_pad|>",
    ]


def looks_like_paths(site):
    """Texts that the syntax takes as a path, wherever a person may type one."""
    host = site.partition(":")[0]
    return [
        str(BAITS / PICTURE),
        f"./{PICTURE}",
        f"../{BAITS.name}/{PICTURE}",
        f"~/{PICTURE}",
        f"~nobody-of-this-name/{PICTURE}",
        rf"\\{host}\share\{PICTURE}",
        f"//{host}/share/{PICTURE}",
        f"C:\\{PICTURE}",
    ]


def watch():
    """Note every look at a bait, and every connection."""

    def note(event, arguments):
        if event in {"open", "os.listdir", "os.scandir", "os.chdir"}:
            note_path(event, arguments[0])
        elif event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"}:
            touched.append(f"{event} {arguments[1:]}")

    def note_path(event, path):
        if isinstance(path, (str, bytes, os.PathLike)):
            folder, _, name = os.fsdecode(path).replace("\\", "/").rpartition("/")
            if name.lower().startswith("bait.") and folder != PICTURES:
                touched.append(f"{event} {os.fsdecode(path)}")

    def noting(name):
        real = getattr(os, name)

        def stat(path, *arguments, **options):
            note_path(name, path)
            return real(path, *arguments, **options)

        return stat

    os.stat, os.lstat = noting("stat"), noting("lstat")
    sys.addaudithook(note)


def ask_on_the_command_line(texts):
    """Search in every command that takes words."""
    quoted = [str(Query.words(text)) for text in texts]
    joined = " + ".join(f'"{text}"' if text[0] != '"' else text for text in quoted)
    wordings = " + ".join(f"{{{text}}}" for text in quoted)
    commands = [
        ["search", joined],
        ["search", wordings],
        ["search", "--average-wordings", joined],
        ["search", "red", *(part for text in quoted for part in ("--not", text))],
        ["search", "red", "--path", texts[0]],
        ["search", "red", "--category", texts[1]],
        ["explain", "--picture", "1", f"{joined} + {quoted[0]} - 0.5:{quoted[1]}"],
        ["explain", "--picture", "1", quoted[0]],
        ["wording", joined],
        ["evaluate", "templates"],
        ["evaluate", "presence"],
        ["suspects"],
        ["outliers", "--what", "unreached"],
        *(["evaluate", "retrieval", "--template", f"{text} {{}}"] for text in texts[:3]),
        *(["evaluate", "retrieval", "--template", f"{{}}{text}"] for text in texts[9:11]),
    ]
    return {" ".join(command)[:60]: main([*command, "--json"]) for command in commands}


def ask_by_links(words, paths):
    """Open the pages by links that say the texts in every field."""
    everything = [*words, *paths]
    joined = " + ".join(str(Query.words(text)) for text in everything)
    links = [
        ("2_Search.py", {"q": " + ".join(words)}),
        ("2_Search.py", {"q": joined, "t": [f'- "{text}"' for text in everything]}),
        ("2_Search.py", {"q": "red", "t": words}),
        ("2_Search.py", {"q": "red", "path": paths[0], "category": everything}),
        ("4_Scores.py", {"q": joined, "tab": "wording"}),
        ("4_Scores.py", {"q": "red", "tab": "pair", "other": " + ".join(words)}),
        ("4_Scores.py", {"q": "red", "tab": "words", "label": everything, "template": "{}"}),
        ("6_Quality.py", {"show": "Retrieval", "question": f"{words[0]} {{}}"}),
        ("3_Categories.py", {"show": "One category", "name": paths[0]}),
        *(
            ("4_Scores.py", {"q": "red", "tab": "words", "label": "red", "template": f"{{}}{text}"})
            for text in (PICTURE, words[0])
        ),
        *(("2_Search.py", {"q": f"red + {path}"}) for path in paths),
        *(("2_Search.py", {"q": "red", "t": path}) for path in paths),
        *(("4_Scores.py", {"q": "red", "tab": "pair", "other": path}) for path in paths),
    ]
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    app.run()
    return {f"{page} {link}"[:90]: open_page(app, page, link) for page, link in links}


def open_page(app, name, link):
    """Open a page by a link; give the exceptions that it shows."""
    app.switch_page(f"pages/{name}")
    app.query_params.clear()
    for key, value in link.items():
        app.query_params[key] = value
    return [one.message for one in app.run().exception]


def control(site):
    """Do what must not happen, to see that it would be noted."""
    from sentence_transformers import SentenceTransformer

    from search_engine.settings import Settings

    model = SentenceTransformer(str(Settings(Path()).mini_model_folder), local_files_only=True)
    found = []
    for text in (PICTURE, f"http://{site}/control.jpg"):
        touched.clear()
        try:
            model.encode([text], show_progress_bar=False)
        except OSError as error:  # the site has no pictures
            found.append(type(error).__name__)
        found += touched
    touched.clear()
    main(["search", f"./{PICTURE}", "--json"])
    return [*found, "typed:", *touched]


if __name__ == "__main__":
    site, result = sys.argv[1], Path(sys.argv[2])
    words, paths = looks_like_words(site), looks_like_paths(site)
    watch()
    codes = ask_on_the_command_line([*words, *paths])
    on_the_command_line = list(touched)
    touched.clear()
    shown = ask_by_links(words, paths) if "links" in sys.argv else {}
    by_links = list(touched)
    report = {
        "codes": codes,
        "command line": on_the_command_line,
        "shown": shown,
        "links": by_links,
        "control": control(site),
    }
    result.write_text(json.dumps(report))
