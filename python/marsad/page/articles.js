// The articles, which stand in the page with their marks: here they are only searched, chosen and paged.

const ARTICLES = 10;

class ArticleList {
  constructor(data, fold, choose) {
    Object.assign(this, { data, fold, choose });
    this.search = "";
    this.chosen = null;
    this.page = 0;
    this.nodes = [...document.querySelectorAll("#texts > article")];
    this.named = this.nodes.map((node) => new Set(node.dataset.entities.split(" ").filter(Boolean).map(Number)));
    this.keys = null;
    const input = document.getElementById("search-articles");
    input.addEventListener("input", () => this.change({ search: this.fold(input.value), page: 0 }));
    document.getElementById("texts").addEventListener("click", (event) => {
      const mark = event.target.closest("mark[data-entity]");
      if (mark && getSelection().isCollapsed) this.choose(Number(mark.dataset.entity));
    });
  }

  change(what) {
    Object.assign(this, what);
    this.render();
  }

  /** The text of an article as it is searched: without the types that stand beside its names. */
  key(node) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (one) =>
      ["SMALL", "SPAN", "P"].includes(one.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    let text = "";
    while (walker.nextNode()) {
      const one = walker.currentNode;
      if (one.nodeType === Node.TEXT_NODE) text += one.data;
      else if (one.nodeName === "DIV") text += "\n";
    }
    return this.fold(text);
  }

  render() {
    if (this.search && !this.keys) this.keys = this.nodes.map((node) => this.key(node));
    const places = this.nodes.map((_, place) => place).filter(
      (place) =>
        (this.chosen === null || this.named[place].has(this.chosen)) &&
        (!this.search || this.keys[place].includes(this.search)),
    );
    const pages = Math.max(1, Math.ceil(places.length / ARTICLES));
    this.page = Math.min(this.page, pages - 1);
    const shown = new Set(places.slice(this.page * ARTICLES, (this.page + 1) * ARTICLES));
    this.nodes.forEach((node, place) => {
      node.hidden = !shown.has(place);
    });
    for (const mark of document.querySelectorAll("#texts mark.chosen")) mark.classList.remove("chosen");
    if (this.chosen !== null) {
      for (const mark of document.querySelectorAll(`#texts mark[data-entity="${this.chosen}"]`)) mark.classList.add("chosen");
    }
    this.renderLegend();
    this.renderWords(places.length);
    pager("articles-pager", this.page, pages, (page) => {
      this.change({ page });
      document.getElementById("articles").scrollIntoView();
    });
  }

  renderLegend() {
    const types = new Set([...document.querySelectorAll("#texts mark")].map((mark) => mark.dataset.type));
    const signs = [...types].map((type) => make("li", {}, typeSign(type, type), typeName(type) === type ? "" : typeName(type)));
    document.getElementById("marks-legend").replaceChildren(...signs);
  }

  renderWords(matching) {
    const chip = document.getElementById("chosen");
    chip.hidden = this.chosen === null;
    chip.replaceChildren();
    if (this.chosen !== null) {
      const close = make("button", { type: "button", "aria-label": say("unchoose"), title: say("unchoose"), onclick: () => this.choose(null) }, "×");
      chip.append(...phrase("choose", isolated(this.data.entities.shown[this.chosen])), " ", close);
    }
    const all = this.nodes.length;
    const words = all ? [say("articles_of", count(all), count(this.data.documents))] : [say("articles_none")];
    if (all && (this.chosen !== null || this.search)) {
      words.push(matching ? say("articles_shown", count(matching)) : say("article_none"));
    }
    document.getElementById("articles-status").textContent = words.join(" · ");
  }
}
