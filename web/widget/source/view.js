// How what is said looks: texts, choices, cards. Words of people and of the assistant are only ever text.

// An element; `on...` are listeners, null and false are left out, true is an attribute without a value.
export function el(tag, properties = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...content.flat().filter((one) => one !== null && one !== ""));
  return made;
}

export const button = (title, onclick, properties = {}) => el("button", { type: "button", onclick, ...properties }, title);

function link(found) {
  if (!/^(?:http|www\.)/.test(found)) return el("a", { href: `tel:${found.replace(/[^\d+]/g, "")}` }, found);
  const href = found.startsWith("www.") ? `https://${found}` : found;
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, found);
}

export class View {
  constructor(words, root) {
    this.words = words;
    this.root = root;
    this.links = new RegExp(words.links, "g");
    this.cards = 0;
  }

  // A text with its addresses and phone numbers as links.
  linked(text) {
    const pieces = [];
    let end = 0;
    for (const match of text.matchAll(this.links)) {
      pieces.push(text.slice(end, match.index), link(match[0]));
      end = match.index + match[0].length;
    }
    return [...pieces, text.slice(end)];
  }

  // A text in paragraphs and lists: a line that begins with a bullet is an item.
  blocks(text) {
    const made = [];
    for (const line of text.split("\n")) {
      if (!line.trim()) continue;
      if (!line.startsWith("• ")) made.push(el("p", {}, this.linked(line)));
      else {
        if (made.at(-1)?.tagName !== "UL") made.push(el("ul"));
        made.at(-1).append(el("li", {}, this.linked(line.slice(2))));
      }
    }
    return made;
  }

  time(at) {
    const then = at ? new Date(at) : new Date();
    const sameDay = then.toDateString() === new Date().toDateString();
    const style = { timeStyle: "short", ...(sameDay ? {} : { dateStyle: "medium" }) };
    return el("time", { datetime: then.toISOString() }, then.toLocaleString(this.words.locale, style));
  }

  bubble(who, text, at, properties = {}) {
    const name = el("span", { class: "unseen" }, `${this.words[who]}: `);
    const body = el("div", { class: "bubble", dir: "auto" }, name, this.blocks(text));
    return el("div", { class: `said ${who}`, ...properties }, body, el("p", { class: "when" }, this.time(at)));
  }

  // All of one message of the assistant, and its choices.
  message(message, choose, at) {
    const { card, text } = message;
    const parts = card
      ? [card.before && this.bubble("assistant", card.before, at), this.card(message), card.after && this.bubble("assistant", card.after, at)]
      : [text && this.bubble("assistant", text, at), message.papers?.length ? this.papers(message.papers, el("p", { class: "what" }, this.words.papers)) : null];
    return [...parts, message.input === "date" ? null : this.choices(message.buttons, choose)].filter(Boolean);
  }

  choices(buttons, choose) {
    if (!buttons?.length) return null;
    const items = buttons.map((one) => el("li", {}, button(one.title, (event) => choose(one, event.currentTarget), { "data-payload": one.payload })));
    return el("ul", { class: "choices", "aria-label": this.words.choices }, items);
  }

  card(message) {
    const { card } = message;
    const id = `card-${(this.cards += 1)}`;
    const heading = el("h3", { id }, card.title);
    const content = card.kind === "crisis" ? this.calls(card) : this.answer(card, message.papers);
    return el("article", { class: `card ${card.kind}`, "aria-labelledby": id }, heading, content);
  }

  calls(card) {
    return card.calls.map((one) => el("a", { class: "call", href: one.href }, one.title));
  }

  answer(card, papers) {
    return [
      card.summary && el("p", {}, this.linked(card.summary)),
      card.first && el("div", { class: "first" }, el("h4", {}, card.first.title), el("p", {}, this.linked(card.first.text))),
      card.dates.items.length ? this.dates(card.dates) : null,
      card.beside && el("p", { class: "beside" }, card.beside),
      papers.length ? this.papers(papers, el("h4", {}, this.words.papers)) : null,
      card.sections.map((one) =>
        el("details", {}, el("summary", {}, one.title), el("ul", {}, one.items.map((item) => el("li", {}, this.linked(item))))),
      ),
    ].flat().filter(Boolean);
  }

  dates({ title, items }) {
    const item = (one) =>
      el(
        "li",
        {},
        el("p", { class: "what" }, one.label),
        one.day && el("p", { class: "day" }, one.lead && `${one.lead} `, el("time", { datetime: one.iso }, one.day), one.left && el("span", { class: "left" }, ` ${one.left}`)),
        el("p", { class: "basis" }, [one.basis, one.note, one.law].filter(Boolean).join(" ")),
      );
    return el("div", { class: "dates" }, el("h4", {}, title), el("ul", {}, items.map(item)));
  }

  papers(papers, title) {
    const link = ({ url, title }) =>
      el("a", { href: new URL(url, this.root), target: "_blank", rel: "noopener noreferrer" }, `${title} (${url.split(".").at(-1).toUpperCase()})`);
    const items = papers.map((one) => el("li", {}, link(one)));
    return el("div", { class: "papers" }, title, el("ul", {}, items), el("p", { class: "note" }, this.words.papers_end));
  }
}

// Those that were answered last may be pressed again: the answer was not taken in.
export function offer(log) {
  const last = [...log.querySelectorAll(".choices")].at(-1);
  for (const one of last?.querySelectorAll("button") ?? []) {
    one.removeAttribute("aria-disabled");
    one.removeAttribute("tabindex");
    one.classList.remove("chosen");
  }
}

// Choices that were answered stay readable and can no longer be pressed.
export function retire(log, payload, pressed) {
  const open = [...log.querySelectorAll(".choices button:not([aria-disabled])")];
  for (const one of open) {
    one.setAttribute("aria-disabled", "true");
    one.tabIndex = -1;
  }
  (pressed ?? open.find((one) => one.dataset.payload === payload))?.classList.add("chosen");
}
