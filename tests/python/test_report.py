"""The report as a file: what it holds, that its figures add up, and that whatever it holds stays text."""

from __future__ import annotations

import doctest
import json
import re
import shutil
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import marsad
import pytest
from marsad import report

#: Elements that have no end.
VOID = {"meta", "input"}
HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=alert(1)>"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


class Page(HTMLParser):
    """A page taken apart; elements that are not closed in order are an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.inside: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.inside.setdefault(tag, []).append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def shown(self, tag: str) -> str:
        return "".join(self.inside.get(tag, []))

    @property
    def data(self) -> dict[str, Any]:
        (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', self.text, re.DOTALL)
        data: dict[str, Any] = json.loads(text)
        return data


def page(found: marsad.Analysis, **options: Any) -> Page:
    return Page(report.render(found, **options))


def fact(page: Page, name: str) -> str:
    (value,) = re.findall(rf'id="fact-{name}">(.*?)</dd>', page.text)
    return re.sub(r"<[^>]*>", "", value)


def test_figures_are_those_of_the_tables(found: marsad.Analysis) -> None:
    made = page(found)
    data = made.data
    counts = found.counts()
    assert [fact(made, name) for name in ("documents", "mentions", "entities", "dates")] == [
        str(len(table)) for table in (found.documents, found.mentions, counts, found.dates)
    ]
    assert (fact(made, "first"), fact(made, "last")) == ("2024-12-31", "2025-03-19")
    assert data["entities"]["name"] == counts.column("name")
    assert data["entities"]["mentions"] == counts.column("mentions")
    assert sum(data["entities"]["mentions"]) == len(found.mentions)
    assert (data["documents"], data["left_out"]) == (len(found), 0)
    assert marsad.__version__ in made.shown("footer")


def test_what_is_counted_over_time_adds_up(found: marsad.Analysis) -> None:
    data = page(found).data
    series = data["series"]
    days = dict(zip(range(len(found)), found.documents.column("published"), strict=True))
    assert series["undated"] == sum(day is None for day in days.values())
    dated = sum(
        number for number, day in zip(found.documents.column("mentions"), days.values(), strict=True) if day is not None
    )
    assert sum(sum(counts[1::2]) for counts in series["counts"]) == dated > 0
    assert all(place < len(series["periods"]) for counts in series["counts"] for place in counts[::2])
    assert sum(data["dates"]["counts"]) == sum(found.timeline("day").column("dates")) > 0
    assert len(data["dates"]["periods"]) == len(data["dates"]["counts"])


def test_pairs_name_rows_of_the_table(found: marsad.Analysis) -> None:
    data = page(found).data
    pairs = found.cooccurrence(top=report.PAIRS).to_pylist()
    name = data["entities"]["name"]
    expected = [[row["name"], row["other_name"], row["together"]] for row in pairs]
    assert [[name[one], name[other], together] for one, other, together in data["pairs"]] == expected != []


def test_articles_have_their_own_marks(found: marsad.Analysis, texts: list[str | None]) -> None:
    made = page(found)
    articles = made.every("article")
    assert len(articles) == made.data["articles"] == sum(text is not None for text in texts)
    name = made.data["entities"]["name"]
    (first, *_) = [{name[int(place)] for place in (article["data-entities"] or "").split()} for article in articles]
    mentions = found.mentions.to_pylist()
    assert first == {row["name"] for row in mentions if row["doc"] == "a"}
    marks = made.every("mark")
    # In "e" there is no text, and no two marks overlap in these articles.
    assert Counter(mark["data-type"] == "DATE" for mark in marks) == {False: len(mentions), True: len(found.dates)}
    assert [mark["data-entity"] for mark in marks if "data-entity" in mark][:1] == [
        str(name.index(mentions[0]["name"]))
    ]


def test_documents_of_one_id_keep_their_own_marks(analyzer: marsad.Analyzer) -> None:
    texts = ["زار القاهرة", "كلام عام", "زار بغداد ثم الرباط"]
    found = analyzer.analyze_corpus([{"id": "same", "text": text} for text in texts])
    made = page(found)
    name = made.data["entities"]["name"]
    named = [
        {name[int(place)] for place in (article["data-entities"] or "").split()} for article in made.every("article")
    ]
    assert named == [{"القاهرة"}, set(), {"بغداد", "الرباط"}]


def test_five_hundred_documents_of_one_id_are_sampled_evenly(analyzer: marsad.Analyzer) -> None:
    rows = [{"id": "same", "text": f"زار الوفد القاهرة، الرقم {place}"} for place in range(500)]
    made = page(analyzer.analyze_corpus(rows))
    assert (made.data["documents"], made.data["articles"], len(made.every("article"))) == (500, 50, 50)
    places = [int(place) for place in re.findall(r"الرقم (\d+)", made.text)]
    assert places == sorted(set(places))
    assert all(sum(first <= place < first + 125 for place in places) >= 5 for first in range(0, 500, 125))
    assert len(page(analyzer.analyze_corpus(rows), articles=1000).every("article")) == 200
    assert page(analyzer.analyze_corpus(rows), articles=0).every("article") == []


def test_entities_beyond_the_most_named_are_left_out_and_counted(
    analyzer: marsad.Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = analyzer.analyze_corpus(["زار القاهرة وبغداد. ثم القاهرة. ثم القاهرة وبغداد والرباط"])
    monkeypatch.setattr(report, "ENTITIES", 2)
    made = page(found)
    assert made.data["entities"]["name"] == ["القاهرة", "بغداد"]
    assert (made.data["left_out"], fact(made, "entities")) == (1, "3")
    assert [pair[:2] for pair in made.data["pairs"] if "الرباط" in pair]
    assert len(made.every("mark")) == 6
    assert len([mark for mark in made.every("mark") if "data-entity" in mark]) == 5


def test_years_outside_the_middle_are_told_not_drawn(analyzer: marsad.Analyzer) -> None:
    near = [f"وقع الاتفاق في {day} مارس 2020" for day in range(1, 29)] * 8
    dates = page(analyzer.analyze_corpus(["في 3 مايو 1950", *near, "في 4 أيار 2090"])).data["dates"]
    assert (dates["before"], dates["after"]) == (["2020", 1], ["2020", 1])
    assert (dates["grain"], dates["periods"][0], dates["periods"][-1]) == ("day", "2020-03-01", "2020-03-28")
    assert dates["counts"] == [8] * 28
    few = page(analyzer.analyze_corpus(["في 3 مايو 1950", "في 4 أيار 2010"])).data["dates"]
    assert (few["before"], few["after"], few["grain"], len(few["periods"])) == (None, None, "year", 61)


def test_nothing_at_all(analyzer: marsad.Analyzer) -> None:
    made = page(analyzer.analyze_corpus([]))
    data = made.data
    assert (fact(made, "documents"), fact(made, "first"), data["articles"]) == ("0", "–", 0)
    assert data["entities"]["name"] == data["pairs"] == data["series"]["periods"] == data["dates"]["periods"] == []


def test_one_document_without_a_day(analyzer: marsad.Analyzer) -> None:
    data = page(analyzer.analyze_corpus(["زار القاهرة"])).data
    assert (data["documents"], data["articles"], data["entities"]["name"]) == (1, 1, ["القاهرة"])
    assert data["series"] == {"grain": "month", "periods": [], "counts": [[]], "undated": 1}
    assert data["entities"]["first"] == [None]


def test_a_long_article_says_that_it_is_cut(analyzer: marsad.Analyzer) -> None:
    text = "زار القاهرة. " + "كلام عام. " * 2500 + "ثم بغداد"
    made = page(analyzer.analyze_corpus([text]))
    assert "20,000 / " + f"{len(text):,}" in made.text
    assert [article["data-entities"] for article in made.every("article")] == [
        str(made.data["entities"]["name"].index("القاهرة"))
    ]
    assert 'data-label="cut"' not in page(analyzer.analyze_corpus(["زار القاهرة"])).text


def test_hostile_texts_ids_names_and_titles_stay_text() -> None:
    lexicon = {f"مشروع {OVERRIDE}البحر": (f"{HOSTILE}{OVERRIDE}", "PROJECT")}
    analyzer = marsad.Analyzer(lexicon=lexicon, types=("LOC", "PROJECT"))
    text = f"{HOSTILE} مشروع البحر في {OVERRIDE}القاهرة \ud800 {{{{data}}}} \N{LINE SEPARATOR} \x00 \x1b"
    found = analyzer.analyze_corpus([{"id": f"{HOSTILE}{OVERRIDE}\ud800", "text": text}])
    made = page(found, title=f"{HOSTILE}{OVERRIDE}\ud800\x00")
    assert made.text.encode("utf-8")
    assert len(made.every("script")) == 2
    assert not made.every("img")
    assert not [name for _, attributes in made.tags for name in attributes if name.startswith("on")]
    assert not TURNING & set(made.text)
    assert not {"\x00", "\x1b"} & set(made.text)
    for place in ("h1", "h3", "article", "title"):
        assert HOSTILE in made.shown(place), place
        assert "[U+202E]" in made.shown(place), place
    assert "\N{REPLACEMENT CHARACTER}" in made.shown("h1")
    assert "{{data}}" in made.shown("article")
    assert f"{HOSTILE}[U+202E]" in made.data["entities"]["id"]
    assert "مشروع [U+202E]البحر" in made.data["entities"]["name"]


def test_nothing_is_asked_of_the_network(found: marsad.Analysis) -> None:
    made = page(found)
    assert not [name for name, attributes in made.tags if {"src", "srcset"} & set(attributes) or name == "link"]
    assert all((anchor["href"] or "").startswith("#") for anchor in made.every("a"))
    (policy,) = [meta["content"] or "" for meta in made.every("meta") if "http-equiv" in meta]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    (script,) = re.findall(r"<script>(.*?)</script>", made.text, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script)
    assert "url(" not in made.shown("style")
    assert "@import" not in made.shown("style")


def test_every_label_has_words_in_both_languages() -> None:
    folder = files("marsad").joinpath("page")
    words = folder.joinpath("words.js").read_text(encoding="utf-8")
    rows = re.findall(r'^  (\w+): \[(null|"[^"]*"), "([^"]+)"\],$', words, re.MULTILINE)
    template = folder.joinpath("report.html").read_text(encoding="utf-8")
    in_page = {*re.findall(r'data-label="(\w+)"', template), "title", "cut"}
    keys = [key for key, _, _ in rows]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, key=str.lower)
    assert in_page <= set(keys)
    assert [key for key, arabic, _ in rows if arabic == "null" and key not in in_page] == []
    scripts = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in report._SCRIPTS)
    assert set(re.findall(r'\b(?:say|phrase)\("(\w+)"', scripts)) <= set(keys)


def test_the_file_is_whole_or_not_there(
    found: marsad.Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "تقرير.html"
    assert found.report(str(path), title="عنوان") == path
    assert "عنوان" in Page(path.read_text(encoding="utf-8")).shown("h1")
    assert [child.name for child in path.parent.iterdir()] == [path.name]
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        found.report(path, title="آخر")
    assert path.read_bytes() == before
    assert [child.name for child in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("options", "fault", "message"),
    [
        ({"path": 5}, TypeError, "path: found int; the path of a file is due"),
        ({"title": 5}, TypeError, "title: found int; a str or None is due"),
        ({"articles": "5"}, TypeError, "articles: found str; a whole number is due"),
        ({"articles": True}, TypeError, "articles: found bool; a whole number is due"),
        ({"articles": -1}, ValueError, "articles: found -1; a number from 0 up is due"),
    ],
)
def test_wrong_uses(
    options: dict[str, Any], fault: type[Exception], message: str, found: marsad.Analysis, tmp_path: Path
) -> None:
    with pytest.raises(fault) as caught:
        found.report(**{"path": tmp_path / "report.html", **options})
    assert str(caught.value) == message
    assert not list(tmp_path.iterdir())


def test_a_folder_is_no_file(found: marsad.Analysis, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="found a folder; the path of a file is due"):
        found.report(tmp_path)


def test_examples_of_the_documentation() -> None:
    result = doctest.testmod(report)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.fixture
def news(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for path in sorted((root / "examples" / "news").glob("*.txt"))[:3]:
        shutil.copy(path, folder)
    return folder


def test_command(news: Path, tmp_path: Path, command: Any, analyzer: marsad.Analyzer) -> None:
    out = tmp_path / "made" / "report.html"
    done = command("report", news, "-o", out, "--title", "أخبار", "--articles", "2")
    assert (done.returncode, done.stderr) == (0, "")
    found = analyzer.analyze_corpus(marsad.read(news))
    lines = done.stdout.splitlines()
    assert lines[0] == f"3 documents, {len(found.mentions):,} mentions, {len(found.dates):,} dates"
    assert lines[1].startswith(f"written to {out} (0.")
    made = Page(out.read_text(encoding="utf-8"))
    assert made.data["entities"] == page(found).data["entities"]
    assert (made.data["documents"], made.data["articles"], made.shown("h1")) == (3, 2, "أخبار")


def test_command_reads_standard_input_and_columns(tmp_path: Path, command: Any) -> None:
    out = tmp_path / "report.html"
    rows = '{"body": "زار القاهرة", "url": "u", "on": "2025-03-19"}\n{"body": "زار بغداد"}\n'
    fields = ["--text", "body", "--id", "url", "--day", "on", "--published", "2025-04-01"]
    done = command("report", "-", "--out", out, *fields, "--quiet", input=rows)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    made = Page(out.read_text(encoding="utf-8"))
    assert (fact(made, "first"), fact(made, "last")) == ("2025-03-19", "2025-04-01")
    assert made.shown("h3") == "ustdin:2"


def test_command_tells_faults(news: Path, tmp_path: Path, command: Any) -> None:
    out = tmp_path / "report.html"
    done = command("report", tmp_path / "none.txt", news, "-o", out)
    assert done.returncode == 1
    assert "none.txt" in done.stderr
    assert Page(out.read_text(encoding="utf-8")).data["documents"] == 3
    out.unlink()
    assert command("report", tmp_path / "none.txt", "-o", out).returncode == 2
    assert not out.exists()
    done = command("report", news, "-o", tmp_path)
    assert (done.returncode, done.stderr) == (2, f"marsad: {tmp_path}: found a folder; the path of a file is due\n")
    done = command("report", news, "-o", out, "--articles", "-1")
    assert (done.returncode, done.stderr) == (2, "marsad: articles: found -1; a number from 0 up is due\n")
    assert not out.exists()
