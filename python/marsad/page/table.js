// The table of entities: searched, filtered, sorted, fifty rows a page.

const ROWS = 50;
const LINES = 5;
const TYPES = ["PER", "ORG", "LOC", "NAT", "DATE"];

/** The folding of the search profile, letter by letter, as the data says it. */
function folder(folds) {
  const folded = new Map();
  for (const [to, letters] of Object.entries(folds)) for (const letter of letters) folded.set(letter, to);
  return (text) =>
    [...text.normalize("NFC")].map((letter) => folded.get(letter) ?? letter).join("").toLowerCase().replace(/\s+/gu, " ").trim();
}

class EntityTable {
  constructor(data, fold, choose, changed) {
    Object.assign(this, { data, fold, choose, changed });
    this.search = "";
    this.type = "";
    this.sort = "mentions";
    this.down = true;
    this.page = 0;
    this.chosen = null;
    const { periods } = data.series;
    this.ticked = data.series.counts.flatMap((counts, row) => (counts.length ? [row] : [])).slice(0, 3);
    this.columns = [
      ["draw_short", null],
      ["name", "name"],
      ["type", "type"],
      ["mentions", "mentions"],
      ["in_articles", "documents"],
      ["trend", null],
      ["first", "first"],
      ["last", "last"],
    ].filter(([key]) => periods.length > (key === "trend" ? 1 : 0) || !["draw_short", "trend", "first", "last"].includes(key));
    this.order = new Intl.Collator("ar");
    const input = document.getElementById("search");
    const select = document.getElementById("type");
    input.addEventListener("input", () => this.change({ search: this.fold(input.value), page: 0 }));
    select.addEventListener("change", () => this.change({ type: select.value, page: 0 }));
    document.getElementById("clear").addEventListener("click", () => {
      input.value = "";
      select.value = "";
      this.change({ search: "", type: "", page: 0 });
      input.focus();
    });
  }

  change(what) {
    Object.assign(this, what);
    this.render();
    this.changed();
  }

  /** The rows that are asked for, in order. */
  rows() {
    const { key, type, name } = this.data.entities;
    const words = this.search.split(" ").filter(Boolean);
    const rows = [];
    for (let row = 0; row < name.length; row++) {
      if ((!this.type || type[row] === this.type) && words.every((word) => key[row].includes(word))) rows.push(row);
    }
    const values = this.data.entities[this.sort];
    const sign = this.down ? -1 : 1;
    const compare = (a, b) => {
      if (values[a] === values[b]) return a - b;
      // What has no day comes last whichever way the rows are sorted.
      if (values[a] === null || values[b] === null) return values[a] === null ? 1 : -1;
      return sign * (typeof values[a] === "number" ? values[a] - values[b] : this.order.compare(values[a], values[b]));
    };
    return rows.sort(compare);
  }

  tick(row, on) {
    const ticked = this.ticked.filter((other) => other !== row);
    this.change({ ticked: on && ticked.length < LINES ? [...ticked, row] : ticked });
    const again = document.querySelector(`#table input[data-row="${row}"]`);
    if (again) again.focus();
  }

  render() {
    const rows = this.rows();
    const pages = Math.max(1, Math.ceil(rows.length / ROWS));
    this.page = Math.min(this.page, pages - 1);
    const shown = rows.slice(this.page * ROWS, (this.page + 1) * ROWS);
    this.renderTypes();
    this.renderHead();
    document.querySelector("#table tbody").replaceChildren(...shown.map((row) => this.row(row)));
    const status = document.getElementById("status");
    const from = this.page * ROWS;
    status.textContent = rows.length
      ? say("entities_of", count(from + 1), count(from + shown.length), count(rows.length))
      : say("entities_none");
    pager("pager", this.page, pages, (page) => this.change({ page }));
    const left = this.data.left_out;
    document.getElementById("left-out").textContent = left ? say("left_out", count(left)) : "";
  }

  renderTypes() {
    const counts = new Map();
    for (const type of this.data.entities.type) counts.set(type, (counts.get(type) || 0) + 1);
    const options = [make("option", { value: "" }, say("all"))];
    for (const [type, number] of counts) options.push(make("option", { value: type }, `${typeName(type)} (${count(number)})`));
    const select = document.getElementById("type");
    select.replaceChildren(...options);
    select.value = this.type;
  }

  renderHead() {
    const focused = document.activeElement && document.activeElement.dataset.sort;
    const cells = this.columns.map(([key, column]) => {
      const given = { scope: "col", class: column === "mentions" || column === "documents" ? "number" : null };
      if (!column) return make("th", given, say(key));
      const by = this.sort === column;
      const down = by ? !this.down : column === "mentions" || column === "documents";
      const arrow = make("span", { "aria-hidden": "true" }, by ? (this.down ? " ▼" : " ▲") : " ↕");
      const press = () => this.change({ sort: column, down, page: 0 });
      const sorted = by ? (this.down ? "descending" : "ascending") : "none";
      return make("th", { ...given, "aria-sort": sorted }, make("button", { type: "button", "data-sort": column, onclick: press }, say(key), arrow));
    });
    document.querySelector("#table thead tr").replaceChildren(...cells);
    if (focused) document.querySelector(`#table [data-sort="${focused}"]`).focus();
  }

  row(row) {
    const { entities, series } = this.data;
    const name = entities.shown[row];
    const on = this.ticked.includes(row);
    const box = () =>
      make("input", {
        type: "checkbox",
        "data-row": row,
        "aria-label": say("draw", name),
        checked: on,
        disabled: !on && this.ticked.length >= LINES,
        onchange: (event) => this.tick(row, event.target.checked),
      });
    const press = () => this.choose(row);
    const cells = {
      draw_short: () => make("td", {}, box()),
      name: () => make("td", { class: "name" }, make("button", { type: "button", class: "link", title: entities.id[row], onclick: press }, isolated(name))),
      type: () => make("td", {}, typeSign(entities.type[row], typeName(entities.type[row]))),
      mentions: () => make("td", { class: "number" }, count(entities.mentions[row])),
      in_articles: () => make("td", { class: "number" }, count(entities.documents[row])),
      trend: () => make("td", {}, spark(series.counts[row], series.periods.length)),
      first: () => make("td", {}, make("bdi", { dir: "ltr" }, entities.first[row] || "–")),
      last: () => make("td", {}, make("bdi", { dir: "ltr" }, entities.last[row] || "–")),
    };
    const given = { "data-row": row, "aria-current": this.chosen === row ? "true" : null };
    return make("tr", given, ...this.columns.map(([key]) => cells[key]()));
  }
}

/** The names, those that several entities have with the id behind them. */
function apart({ name, id }) {
  const times = new Map();
  for (const one of name) times.set(one, (times.get(one) || 0) + 1);
  return name.map((one, row) => (times.get(one) > 1 ? `${one} (${id[row]})` : one));
}

/** The word of the language for a type; types of a lexicon have none but their own. */
function typeName(type) {
  return TYPES.includes(type) ? say(type) : type;
}

function typeSign(type, text) {
  return make("span", { class: TYPES.includes(type) ? `type ${type}` : "type" }, isolated(text));
}
