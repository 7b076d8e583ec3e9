// What a person can keep of the conversation: copied, downloaded, printed.
import { el } from "./view.js";

export class Transcript {
  #lines = [];

  constructor(words) {
    this.words = words;
  }

  clear() {
    this.#lines = [];
  }

  add(who, text, at) {
    if (text) this.#lines.push({ who: this.words[who], text, at: at ? new Date(at) : new Date() });
  }

  #when(at) {
    return at.toLocaleString(this.words.locale, { dateStyle: "medium", timeStyle: "short" });
  }

  get text() {
    const said = this.#lines.map(({ who, text, at }) => `${who} (${this.#when(at)}):\n${text}`);
    return [this.words.title, this.words.not_advice, ...said].join("\n\n");
  }

  async copy(place) {
    try {
      await navigator.clipboard.writeText(this.text);
      return true;
    } catch {
      return this.#copyBySelection(place);
    }
  }

  // For pages that may not use the clipboard, such as those without https.
  #copyBySelection(place) {
    const field = el("textarea", { readonly: true, "aria-hidden": "true" });
    field.value = this.text;
    place.append(field); // beside the button: what lies behind a modal window cannot be selected
    field.select();
    const done = field.selectionEnd > 0 && document.execCommand("copy");
    field.remove();
    return done;
  }

  download() {
    const address = URL.createObjectURL(new Blob([this.text], { type: "text/plain" }));
    const link = el("a", { href: address, download: this.words.file_name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // A page of its own in a frame nobody sees, so that the page around the chat is not printed.
  print(place) {
    place.querySelector("iframe")?.remove();
    const frame = el("iframe", { title: this.words.print, class: "paper", tabindex: "-1", "aria-hidden": "true" });
    place.append(frame);
    const page = frame.contentDocument;
    page.documentElement.lang = this.words.locale;
    page.title = this.words.title;
    page.body.append(
      el("h1", {}, this.words.title),
      el("p", {}, this.words.not_advice),
      ...this.#lines.flatMap(({ who, text, at }) => [el("h2", {}, `${who}, ${this.#when(at)}`), ...text.split("\n").map((line) => el("p", {}, line))]),
    );
    frame.contentWindow.onafterprint = () => frame.remove();
    frame.contentWindow.print();
  }
}
