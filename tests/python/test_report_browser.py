"""The report in a browser: it opens in silence, asks for nothing, does what is clicked, runs no data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import marsad
import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; pip install playwright")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=2>"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
#: Twelve articles of our own, so that they fill more than a page.
ARTICLES = [
    ("2025-01-05", "زار محمد شياع السوداني القاهرة في 3 كانون الثاني 2025. وقال السوداني إن بغداد ستشارك."),
    ("2025-02-11", "أعلنت الأمم المتحدة في الرباط أن الخرطوم وتونس وقعتا اتفاقا في شباط 2025."),
    ("2025-03-19", "وصلت بعثة الأمم المتحدة إلى القاهرة يوم 14 آذار 2025 ثم غادرت إلى بغداد."),
    *[("2025-04-02", f"عاد الوفد رقم {number} من القاهرة إلى الدوحة أمس.") for number in range(9)],
]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"there is no browser; one of {', '.join(BROWSERS)} is due in PATH")
    with sync_api.sync_playwright() as playwright:
        options = ["--headless", "--no-sandbox", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=path, args=options)
        yield started
        started.close()


@pytest.fixture(scope="module")
def report(analyzer: marsad.Analyzer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"id": f"n{at}", "published": day, "text": text} for at, (day, text) in enumerate(ARTICLES)]
    return analyzer.analyze_corpus(rows).report(tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Open a report; what it says to the console, and what it asks of others, fails the test."""
    pages: list[Any] = []
    said: list[str] = []

    def open_(path: Path, **options: Any) -> Any:
        page = browser.new_page(**options)
        page.set_default_timeout(10_000)
        pages.append(page)
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on("pageerror", lambda fault: said.append(f"error: {fault}"))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url == path.as_uri() or said.append(f"request: {request.url}"))
        page.goto(path.as_uri())
        return page

    yield open_
    for page in pages:
        page.close()
    assert said == []


def names(page: Any) -> list[str]:
    return page.locator("#table tbody td.name").all_inner_texts()


def articles(page: Any) -> list[str]:
    return page.locator("#texts > article:visible h3").all_inner_texts()


def test_opens_from_right_to_left(report: Path, open_page: Open) -> None:
    page = open_page(report)
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    assert names(page)[0] == "القاهرة"
    assert len(articles(page)) == 10
    box = page.locator("#table td.name").first.bounding_box()
    number = page.locator("#table td.number").first.bounding_box()
    assert box["x"] > number["x"]
    assert "12" in page.inner_text("#articles-status")
    assert page.locator("svg[role]").evaluate_all("nodes => nodes.every((node) => node.querySelector('title'))")


def test_search_folds_spellings(report: Path, open_page: Open) -> None:
    page = open_page(report)
    every = names(page)
    for typed in ("السودانى", "السُّوداني", "السـوداني", "شیاع", "ﺍﻟﺴﻮﺩﺍﻧﻲ", "mohammed_shia"):
        page.fill("#search", typed)
        assert names(page) == ["محمد شياع السوداني"], typed
        assert page.locator("#top [data-row]").count() == 1
    page.fill("#search", "لا أحد بهذا الاسم")
    assert names(page) == []
    assert page.inner_text("#status") == "لا اسم يطابق ما طُلب"
    page.click("#clear")
    assert names(page) == every


def test_search_folds_as_python_does(report: Path, open_page: Open) -> None:
    page = open_page(report)
    letters = [chr(code) for code in (*range(0x600, 0x700), *range(0xFB50, 0xFDFD), *range(0xFE70, 0xFF00), 0x1E9E)]
    # Each between two others, as it would be typed.
    typed = [f"ب{letter}ب" for letter in letters if letter.isprintable()]
    source = re.search(r"function folder.*?\n}\n", page.content(), re.DOTALL)
    assert source is not None
    program = (
        f"typed => {{ {source[0]}; const fold = folder(JSON.parse(data.textContent).folds); return typed.map(fold) }}"
    )
    found = page.evaluate(program, typed)
    expected = [text.lower() for text in marsad.normalize(typed)]
    assert {one: (got, due) for one, got, due in zip(typed, found, expected, strict=True) if got != due} == {}


def test_filter_by_type(report: Path, open_page: Open) -> None:
    page = open_page(report)
    page.select_option("#type", "PER")
    assert names(page) == ["محمد شياع السوداني"]
    assert page.locator("#top [data-row]").count() == 1
    page.select_option("#type", "ORG")
    assert names(page) == ["الأمم المتحدة"]


def test_sort(report: Path, open_page: Open) -> None:
    page = open_page(report)
    heads = "#table thead [data-sort=%s]"
    mentions = "#table tbody tr td.number:nth-child(4)"

    def numbers() -> list[int]:
        return [int(text) for text in page.locator(mentions).all_inner_texts()]

    assert numbers() == sorted(numbers(), reverse=True)
    page.click(heads % "mentions")
    assert numbers() == sorted(numbers())
    assert page.get_attribute("#table th:nth-child(4)", "aria-sort") == "ascending"
    page.focus(heads % "name")
    page.keyboard.press("Enter")
    assert names(page)[0] == "الأمم المتحدة"
    assert page.evaluate("document.activeElement.dataset.sort") == "name"


def test_tick_draws_a_line(report: Path, open_page: Open) -> None:
    page = open_page(report)
    lines = page.locator("#over g.line")
    before = lines.count()
    row = page.locator("#table tbody tr", has_text="الرباط")
    assert before == 3
    row.locator("input").check()
    assert lines.count() == 4
    assert "الرباط" in page.inner_text("#over-legend")
    assert "الرباط" in page.locator("#over desc").text_content()
    assert page.evaluate("document.activeElement.dataset.row") == row.get_attribute("data-row")
    dashes = {
        line.get_attribute("stroke-dasharray") for line in page.locator("#over g.line > path:first-of-type").all()
    }
    assert len(dashes) == 4
    page.locator("#table tbody tr", has_text="تونس").locator("input").check()
    assert page.locator("#table input:disabled").count() == len(names(page)) - 5
    for left in (4, 3, 2, 1, 0):
        page.locator("#table input:checked").first.click()
        assert lines.count() == left
    assert page.inner_text("#over") == "أشّر على أسماء في الجدول لتُرسم هنا"


def test_an_entity_chooses_its_articles(report: Path, open_page: Open) -> None:
    page = open_page(report)
    page.click("#table button:has-text('الأمم المتحدة')")
    assert articles(page) == ["n1", "n2"]
    assert page.locator("#texts mark.chosen").count() == 2
    assert "الأمم المتحدة" in page.inner_text("#chosen")
    assert page.locator("#table tr[aria-current]").count() == 1
    page.click("#chosen button")
    assert len(articles(page)) == 10
    page.focus("#top [data-row][aria-label*='بغداد']")
    page.keyboard.press("Enter")
    assert articles(page) == ["n0", "n2"]
    page.click("#texts mark[data-type=PER]")
    assert articles(page) == ["n0"]


def test_articles_are_searched_and_paged(report: Path, open_page: Open) -> None:
    page = open_page(report)
    page.click("#articles-pager [data-step=next]")
    assert articles(page) == ["n10", "n11"]
    assert page.evaluate("document.activeElement.dataset.step") == "previous"
    # Across a mark, whose type is no part of the text.
    page.fill("#search-articles", "القاهره إلى الدوحة امس")
    assert len(articles(page)) == 9
    page.fill("#search-articles", "القاهرة loc")
    assert articles(page) == []


def test_language(report: Path, open_page: Open) -> None:
    page = open_page(report)
    labels = page.locator("[data-label]:visible").all_inner_texts()
    page.click("#language")
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["ltr", "en"]
    assert not re.search("[\u0600-\u06ff]", " ".join(page.locator("[data-label]:visible").all_inner_texts()))
    assert page.inner_text("#status") == f"1 to {len(names(page))} of {len(names(page))} shown"
    assert "Named together" in page.inner_text("main")
    page.click("#language")
    assert page.locator("[data-label]:visible").all_inner_texts() == labels


#: The least contrast of text against what lies behind it, as WCAG 2 counts it; backgrounds that let others show
#: through are laid over each other, and so is text that is not opaque.
CONTRAST = """() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
  const light = (rgb) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const chain = [];
    for (let one = node; one; one = one.parentElement) chain.unshift(parse(getComputedStyle(one).backgroundColor));
    return chain.reduce((below, colour) => over(colour, below), [255, 255, 255]);
  };
  const seen = (node) => (node ? getComputedStyle(node).opacity * seen(node.parentElement) : 1);
  const all = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    if (node.closest("script, title, desc, :disabled, option")) continue;
    const style = getComputedStyle(node);
    const [r, g, b, a] = parse(node.namespaceURI.endsWith("svg") ? style.fill : style.color);
    const ground = behind(node);
    const pair = [light(over([r, g, b, a * seen(node)], ground)), light(ground)];
    all.push([(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), walker.currentNode.data.trim(), node.nodeName]);
  }
  return [all.length, light(behind(document.body)), all.sort((a, b) => a[0] - b[0])[0]];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str, report: Path, open_page: Open) -> None:
    page = open_page(report, color_scheme=scheme)
    page.click("#table button.link >> nth=0")
    number, ground, least = page.evaluate(CONTRAST)
    assert number > 100
    assert (ground > 0.5) == (scheme == "light")
    assert least[0] >= 4.5, least


def test_narrow(report: Path, open_page: Open) -> None:
    page = open_page(report, viewport={"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_print(report: Path, open_page: Open) -> None:
    page = open_page(report, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.is_visible("#language")
    assert page.is_visible("#table td.name button")


def test_hostile_articles_stay_text(open_page: Open, tmp_path: Path) -> None:
    lexicon = {"مشروع البحر": (f"{HOSTILE}{OVERRIDE}", "PROJECT")}
    analyzer = marsad.Analyzer(lexicon=lexicon, types=("LOC", "PROJECT"), threads=1)
    text = f"</script>{HOSTILE} بدأ مشروع البحر في {OVERRIDE}تونس \ud800 و{HOSTILE}"
    rows = [{"id": f"</h3>{HOSTILE}\ud800", "published": "2025-03-05", "text": text}]
    path = analyzer.analyze_corpus(rows).report(tmp_path / "report.html", title=f"</title>{HOSTILE}{OVERRIDE}")
    page = open_page(path)
    page.click("#table button.link >> nth=0")
    page.click("#language")
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("img").count() == 0
    assert f"</script>{HOSTILE}" in page.inner_text("#texts")
    assert f"</h3>{HOSTILE}" in page.inner_text("#texts h3")
    assert page.title() == f"</title>{HOSTILE}[U+202E]"
    assert "[U+202E]" in page.inner_text("#texts")
    assert OVERRIDE not in page.content()


def test_nothing_found(analyzer: marsad.Analyzer, open_page: Open, tmp_path: Path) -> None:
    page = open_page(analyzer.analyze_corpus([]).report(tmp_path / "report.html"))
    assert page.inner_text("#status") == "لا اسم يطابق ما طُلب"
    assert page.inner_text("#articles-status") == "لا نصوص في هذا التقرير"
    assert page.inner_text("#timeline") == "لم تذكر النصوص تاريخا يمكن رسمه"


def test_no_days(analyzer: marsad.Analyzer, open_page: Open, tmp_path: Path) -> None:
    page = open_page(analyzer.analyze_corpus(["زار القاهرة"]).report(tmp_path / "report.html"))
    assert names(page) == ["القاهرة"]
    assert page.locator("#table input").count() == 0
    assert page.inner_text("#over") == "لا يُعرف يوم أي مقال، فلا رسم عبر الزمن"


def test_two_thousand_entities_are_filtered_at_once(open_page: Open, tmp_path: Path) -> None:
    names_ = [
        f"مشروع {chr(0x628 + first)}{chr(0x641 + second)}{third}"
        for first in range(2)
        for second in range(5)
        for third in range(205)
    ]
    analyzer = marsad.Analyzer(
        lexicon={name: (f"P{at}", "PROJECT") for at, name in enumerate(names_)}, types=("PROJECT",), threads=1
    )
    found = analyzer.analyze_corpus([{"text": "، ".join(names_), "published": "2025-03-05"}])
    assert len(found.counts()) == 2050
    page = open_page(found.report(tmp_path / "report.html"))
    assert page.inner_text("#left-out").endswith(": 50")
    took = page.evaluate(
        """(typed) => {
          const input = document.getElementById("search");
          const start = performance.now();
          input.value = typed;
          input.dispatchEvent(new Event("input"));
          document.body.getBoundingClientRect();
          return performance.now() - start;
        }""",
        names_[204],
    )
    assert names(page) == [names_[204]]
    assert took < 1000
