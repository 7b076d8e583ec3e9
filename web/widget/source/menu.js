// What can be done with the conversation as a whole: keep it, begin anew, erase it.
import { button, el } from "./view.js";

const QUIET = { class: "quiet" };
const ACTS = ["copy", "download", "print", "anew"];

export class Menu {
  // `acts` are functions, by the names of the words on their buttons; "erase" is asked about first.
  constructor(words, acts) {
    this.words = words;
    this.acts = acts;
    this.list = el("div", { class: "menu", id: "menu", hidden: true });
    this.opener = button(words.menu, () => this.toggle(this.list.hidden), { "aria-expanded": "false", "aria-controls": "menu", class: "quiet" });
  }

  toggle(open) {
    if (open) this.#show(...ACTS.map((name) => this.#act(name, this.words[name], QUIET)), button(this.words.erase, () => this.#ask(), QUIET));
    this.list.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.list.querySelector("button").focus();
    else this.opener.focus();
  }

  // Whether it was open, and no longer is.
  close() {
    const wasOpen = !this.list.hidden;
    if (wasOpen) this.toggle(false);
    return wasOpen;
  }

  closeUnlessIn(event) {
    const path = event.composedPath(); // as it was when it began: the menu may have changed since
    if (!path.includes(this.list) && !path.includes(this.opener)) this.close();
  }

  #act(name, title, properties) {
    return button(
      title,
      () => {
        this.close();
        this.acts[name]();
      },
      properties,
    );
  }

  #ask() {
    const keep = button(this.words.keep, () => this.close(), { ...QUIET, "aria-describedby": "sure" });
    this.#show(el("p", { id: "sure" }, this.words.erase_sure), this.#act("erase", this.words.erase_now), keep);
    keep.focus();
  }

  #show(...content) {
    this.list.replaceChildren(...content);
  }
}
