// Charts as SVG. Time and bars run from where reading begins: from the right in Arabic, from the left in English.

const SVG = "http://www.w3.org/2000/svg";
const DASHES = ["", "8 4", "2 4", "10 4 2 4", "5 2"];

function draw(tag, given = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A drawing as wide as its place, with a title and a description for those who do not see it. */
function canvas(place, height, role, title, about) {
  const width = Math.max(280, Math.round(place.clientWidth || 600));
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role, "aria-label": title });
  svg.append(draw("title", {}, title), ...(about ? [draw("desc", {}, about)] : []));
  place.replaceChildren(svg);
  return [svg, width];
}

/** Text whose reading begins, or ends, at x: letters decide its own direction. */
function written(text, x, y, side, given = {}) {
  const turned = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u.test(text);
  const atRight = side === "middle" ? null : (side === "start") === isRightToLeft();
  const anchor = atRight === null ? "middle" : atRight === turned ? "start" : "end";
  return draw("text", { x, y, direction: turned ? "rtl" : "ltr", "text-anchor": anchor, ...given }, text);
}

function shortened(text, most) {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("").trimEnd()}…`;
}

/** From a distance from where reading begins to x. */
function mirrored(width) {
  return isRightToLeft() ? (x) => width - x : (x) => x;
}

/** Round numbers from 0 up to at least the most. */
function scale(most) {
  const size = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const step = [0.25, 0.5, 1, 2, 2.5, 5].map((part) => part * size).find((part) => part % 1 === 0 && most / part <= 4) || size;
  const top = Math.ceil(most / step) * step || 1;
  return Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step);
}

function drawTop(place, rows, entities, choose) {
  const height = 28;
  const [svg, width] = canvas(place, Math.max(1, rows.length) * height + 4, "group", say("top_title"));
  const at = mirrored(width);
  if (!rows.length) svg.append(written(say("entities_none"), at(0), 20, "start", { class: "tick" }));
  const names = Math.round(width * 0.42);
  const most = Math.max(...rows.map((row) => entities.mentions[row]));
  const room = width - names - 62;
  rows.forEach((row, line) => {
    const y = line * height + 4;
    const length = Math.max(2, (entities.mentions[row] / most) * room);
    const name = entities.shown[row];
    const about = `${name}: ${count(entities.mentions[row])}`;
    const press = (event) => {
      if (event.type === "click" || event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(row);
      }
    };
    const given = { role: "button", tabindex: 0, "aria-label": about, "data-row": row, onclick: press, onkeydown: press };
    svg.append(
      draw(
        "g",
        given,
        draw("title", {}, about),
        draw("rect", { class: "hit", x: 0, y: y - 2, width, height }),
        written(shortened(name, Math.floor(names / 7.5)), at(names - 8), y + 17, "end"),
        draw("rect", { class: "bar", x: Math.min(at(names), at(names + length)), y: y + 3, width: length, height: 18, rx: 2 }),
        written(count(entities.mentions[row]), at(names + length + 6), y + 17, "start", { class: "tick" }),
      ),
    );
  });
}

/** Axes of a chart over time; gives where period and number lie. */
function axes(svg, width, height, periods, most) {
  const at = mirrored(width);
  const ticks = scale(most);
  const top = ticks[ticks.length - 1];
  const [left, right, above, below] = [46, 14, 10, 26];
  const y = (number) => above + (1 - number / top) * (height - above - below);
  const slot = (width - left - right) / periods.length;
  const x = (period) => at(left + (period + 0.5) * slot);
  for (const tick of ticks) {
    svg.append(
      draw("line", { class: "rule", x1: at(left), x2: at(width - right), y1: y(tick), y2: y(tick) }),
      written(count(tick), at(left - 6), y(tick) + 4, "end", { class: "tick" }),
    );
  }
  const room = periods[0].length * 7.5 + 16;
  const step = Math.max(1, Math.ceil(periods.length / Math.max(1, Math.floor((width - left - right) / room))));
  for (let period = Math.floor(step / 2) % periods.length; period < periods.length; period += step) {
    // The label of a first or last period that stands at the edge would be cut in half.
    const middle = Math.min(Math.max(x(period), room / 2), width - room / 2);
    svg.append(written(periods[period], middle, height - 8, "middle", { class: "tick" }));
  }
  return [x, y, slot];
}

function shape(kind, x, y) {
  const paths = [
    `M${x - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z`,
    `M${x - 3} ${y - 3}h6v6h-6Z`,
    `M${x} ${y - 4.5}l4 7h-8Z`,
    `M${x} ${y - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5Z`,
    `M${x - 4} ${y - 3}h8l-4 7Z`,
  ];
  return draw("path", { class: "dot", d: paths[kind] });
}

function dense(pairs, length) {
  const values = new Array(length).fill(0);
  for (let at = 0; at < pairs.length; at += 2) values[pairs[at]] = pairs[at + 1];
  return values;
}

function drawOver(place, legend, rows, entities, series) {
  legend.replaceChildren();
  const { periods } = series;
  if (!periods.length || !rows.length) {
    place.replaceChildren(make("p", { class: "note" }, say(periods.length ? "over_none" : "over_undated")));
    return;
  }
  const lines = rows.map((row) => dense(series.counts[row], periods.length));
  const told = rows.map((row, at) => {
    const most = Math.max(...lines[at]);
    const total = lines[at].reduce((sum, number) => sum + number, 0);
    return say("peak", entities.shown[row], count(total), count(most), periods[lines[at].indexOf(most)]);
  });
  const height = 260;
  const [svg, width] = canvas(place, height, "img", say("trend"), told.join("; "));
  const [x, y] = axes(svg, width, height, periods, Math.max(...lines.flat()));
  const step = Math.ceil(periods.length / 24);
  lines.forEach((values, line) => {
    const path = values.map((number, period) => `${period ? "L" : "M"}${x(period).toFixed(1)} ${y(number).toFixed(1)}`);
    const group = draw("g", { class: `line line-${line}`, "data-row": rows[line] }, draw("title", {}, told[line]));
    group.append(draw("path", { d: path.join(""), "stroke-dasharray": DASHES[line] }));
    values.forEach((number, period) => period % step === 0 && group.append(shape(line, x(period), y(number))));
    svg.append(group);
    const sample = draw("svg", { width: 34, height: 14, class: `line line-${line}`, "aria-hidden": "true" });
    sample.append(draw("path", { d: "M0 7H34", "stroke-dasharray": DASHES[line] }), shape(line, 17, 7));
    legend.append(make("li", {}, sample, isolated(entities.shown[rows[line]])));
  });
}

function drawTimeline(place, note, dates) {
  const { periods, counts } = dates;
  const words = [["dates_before", dates.before], ["dates_after", dates.after]].filter(([, found]) => found);
  note.textContent = words.map(([key, [year, number]]) => say(key, year, count(number))).join(" · ");
  if (!periods.length) {
    place.replaceChildren(make("p", { class: "note" }, say("dates_none")));
    return;
  }
  const most = counts.reduce((best, number) => Math.max(best, number), 0);
  const height = 220;
  const title = say("axis_date", periods[counts.indexOf(most)], count(most));
  const [svg, width] = canvas(place, height, "img", title);
  const [x, y, slot] = axes(svg, width, height, periods, most);
  const bar = Math.min(40, Math.max(1.5, slot * 0.8));
  counts.forEach((number, period) => {
    if (!number) return;
    const top = Math.min(y(number), y(0) - 1);
    const given = { class: "bar", x: (x(period) - bar / 2).toFixed(1), y: top, width: bar, height: y(0) - top };
    svg.append(draw("rect", given, draw("title", {}, `${periods[period]}: ${count(number)}`)));
  });
}

/** A small line for a row of the table, over two periods at least; the numbers stand beside it. */
function spark(pairs, length) {
  const values = dense(pairs, length);
  const most = Math.max(...values, 1);
  const at = mirrored(100);
  const x = (period) => at(2 + (period / (length - 1)) * 96);
  const svg = draw("svg", { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" });
  const points = values.map((number, period) => `${x(period).toFixed(1)},${(22 - (number / most) * 20).toFixed(1)}`);
  svg.append(draw("polyline", { points: points.join(" "), "vector-effect": "non-scaling-stroke" }));
  return svg;
}
