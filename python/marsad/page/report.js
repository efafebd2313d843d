// The page: reads its data, puts the parts together, and says it all in one of two languages.

const data = JSON.parse(document.getElementById("data").textContent);
const fold = folder(data.folds);
data.entities.shown = apart(data.entities);
const table = new EntityTable(data, fold, choose, drawCharts);
const list = new ArticleList(data, fold, choose);

for (const node of document.querySelectorAll("[data-label]")) WORDS[node.dataset.label][0] = node.textContent;

/** Show the articles that name an entity, or all again. */
function choose(row) {
  list.change({ chosen: row, page: 0 });
  table.chosen = row;
  table.render();
  const place = document.getElementById("articles");
  place.scrollIntoView();
  place.focus({ preventScroll: true });
}

function drawCharts() {
  const place = (id) => document.getElementById(id);
  const most = [...table.rows()].sort((a, b) => data.entities.mentions[b] - data.entities.mentions[a] || a - b);
  drawTop(place("top"), most.slice(0, 15), data.entities, choose);
  drawOver(place("over"), place("over-legend"), table.ticked, data.entities, data.series);
  const { undated, periods } = data.series;
  place("over-undated").textContent = undated && periods.length ? say("undated", count(undated)) : "";
  drawTimeline(place("timeline"), place("timeline-note"), data.dates);
}

function pairName(end) {
  if (typeof end === "string") return make("td", { class: "name" }, isolated(end));
  const given = { type: "button", class: "link", onclick: () => choose(end) };
  return make("td", { class: "name" }, make("button", given, isolated(data.entities.shown[end])));
}

function renderPairs() {
  const rows = data.pairs.map(([one, other, together]) =>
    make("tr", {}, pairName(one), pairName(other), make("td", { class: "number" }, count(together))),
  );
  document.querySelector("#pairs tbody").replaceChildren(...rows);
  document.getElementById("pairs-note").textContent = rows.length ? say("pairs_note", count(rows.length)) : say("pairs_none");
}

function speak() {
  const root = document.documentElement;
  root.lang = ["ar", "en"][language];
  root.dir = isRightToLeft() ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-label]")) node.textContent = say(node.dataset.label);
  const button = document.getElementById("language");
  button.textContent = say("other_language");
  button.lang = ["en", "ar"][language];
  button.dir = isRightToLeft() ? "ltr" : "rtl";
  table.render();
  drawCharts();
  renderPairs();
  list.render();
}

document.getElementById("language").addEventListener("click", () => {
  language = 1 - language;
  speak();
});

let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  drawCharts();
});
speak();
