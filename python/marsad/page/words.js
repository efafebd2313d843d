// What the page says: Arabic, then English. What the template says in Arabic is read from it.

const WORDS = {
  all: ["كل الأنواع", "all types"],
  article_none: ["لا مقال في هذه العينة يطابق ما طُلب", "No article of this sample matches"],
  articles_heading: [null, "Articles, marked"],
  articles_none: ["لا نصوص في هذا التقرير", "This report holds no texts"],
  articles_of: ["مقالات العينة: {0} من {1}", "Articles in the sample: {0} of {1}"],
  articles_shown: ["المطابق منها: {0}", "matching: {0}"],
  axis_date: ["التواريخ المذكورة، أكثرها في {0}: {1}", "Dates named, most in {0}: {1}"],
  choose: ["المقالات التي تذكر {0}", "Articles that name {0}"],
  clear: [null, "Clear the search"],
  cut: [null, "Only the head of the text, in letters"],
  DATE: ["تاريخ", "date"],
  dates: [null, "Dates"],
  dates_after: ["بعد عام {0}: {1} غير مرسومة", "After {0}: {1}, not drawn"],
  dates_before: ["قبل عام {0}: {1} غير مرسومة", "Before {0}: {1}, not drawn"],
  dates_heading: [null, "Dates named in the texts"],
  dates_none: ["لم تذكر النصوص تاريخا يمكن رسمه", "The texts name no date that could be drawn"],
  documents: [null, "Articles"],
  draw: ["ارسم {0} عبر الزمن", "Draw {0} over time"],
  draw_short: ["رسم", "Draw"],
  entities: [null, "Entities"],
  entities_heading: [null, "Entities by mentions"],
  entities_none: ["لا اسم يطابق ما طُلب", "No entity matches"],
  entities_of: ["المعروض {0} إلى {1} من {2}", "{0} to {1} of {2} shown"],
  first: ["أول ذكر", "First seen"],
  first_day: [null, "First day"],
  in_articles: ["مقالات", "Articles"],
  last: ["آخر ذكر", "Last seen"],
  last_day: [null, "Last day"],
  left_out: ["أسماء أقل ذكرا ليست في هذه الصفحة: {0}", "Entities with fewer mentions that are not in this page: {0}"],
  LOC: ["مكان", "place"],
  made: [null, "Made on"],
  mentions: [null, "Mentions"],
  name: [null, "Name"],
  NAT: ["نسبة إلى بلد", "nationality"],
  next: ["التالي", "Next"],
  ORG: ["جهة", "organisation"],
  other: [null, "and with it"],
  other_language: ["English", "العربية"],
  over_heading: [null, "Mentions over time"],
  over_none: ["أشّر على أسماء في الجدول لتُرسم هنا", "Tick names in the table to draw them here"],
  over_note: [null, "The names ticked in the table, five at most"],
  over_undated: ["لا يُعرف يوم أي مقال، فلا رسم عبر الزمن", "No article has a known day, so nothing is drawn over time"],
  page: ["صفحة {0} من {1}", "Page {0} of {1}"],
  pairs_heading: [null, "Named together"],
  pairs_none: ["لا مقال يذكر اسمين", "No article names two entities"],
  pairs_note: ["الأزواج الأكثر ورودا: {0}", "The most frequent pairs: {0}"],
  peak: ["{0}: {1} في المجموع، وأكثرها {2} في {3}", "{0}: {1} in all, at most {2} in {3}"],
  PER: ["شخص", "person"],
  previous: ["السابق", "Previous"],
  search: [null, "Search the names"],
  search_articles: [null, "Search the texts"],
  skip: [null, "To the table of entities"],
  title: [null, "Marsad's report"],
  together: [null, "Articles that name both"],
  top_heading: [null, "Most mentioned of those chosen"],
  top_title: ["أكثر الأسماء ذكرا، بعدد الإشارات", "Most mentioned entities, by mentions"],
  trend: ["عبر الزمن", "Over time"],
  type: [null, "Type"],
  unchoose: ["كل المقالات", "All articles"],
  undated: ["مقالات لا يُعرف يومها، وليست في الرسم: {0}", "Articles whose day is not known, not drawn: {0}"],
};

let language = 0;

/** What the page says for a key; {0}, {1} ... stand for the values. */
function say(key, ...values) {
  return WORDS[key][language].replace(/\{(\d)\}/g, (_, place) => values[place]);
}

function isRightToLeft() {
  return language === 0;
}

function count(number) {
  return number.toLocaleString("en");
}

/** An element with properties and children; text becomes text nodes, never markup. */
function make(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A name that keeps its direction to itself. */
function isolated(name) {
  return make("bdi", {}, name);
}

/** A sentence of the page with nodes where {0}, {1} ... stand. */
function phrase(key, ...nodes) {
  return WORDS[key][language].split(/(\{\d\})/).map((part) => (/^\{\d\}$/.test(part) ? nodes[part[1]] : part));
}

/** The buttons before and after "page 1 of 3". */
function pager(place, page, pages, go) {
  const nav = document.getElementById(place);
  const within = document.activeElement && nav.contains(document.activeElement) ? document.activeElement.dataset.step : null;
  nav.replaceChildren();
  if (pages < 2) return;
  const step = (key, to) =>
    make("button", { type: "button", "data-step": key, disabled: to < 0 || to >= pages, onclick: () => go(to) }, say(key));
  nav.append(step("previous", page - 1), make("span", {}, say("page", count(page + 1), count(pages))), step("next", page + 1));
  const again = nav.querySelector(`[data-step="${within}"]:enabled`) || (within && nav.querySelector("button:enabled"));
  if (again) again.focus();
}
