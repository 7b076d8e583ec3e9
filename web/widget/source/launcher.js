// <imr-chat>: the button in the corner of a page. The conversation itself is loaded when it is opened.
const SITE = __SITE__;
const ROOT = new URL(".", import.meta.url);
const KEY = `imr-session ${ROOT.origin}`; // of the conversation's token, in the tab's storage
const LOOK = `
/* Nothing of the page around it is inherited. */
:host { all: initial; display: contents; --accent: var(--imr-accent, #0b5c6b); --on-accent: var(--imr-on-accent, #fff); }
:host([hidden]), [hidden] { display: none !important; }
.launcher {
  position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000;
  display: flex; align-items: center; gap: .55rem; min-height: 3rem; max-width: calc(100vw - 2rem);
  padding: .6rem 1.15rem; border: 2px solid transparent; border-radius: 1.5rem;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 .2rem .9rem rgb(0 0 0 / .3);
  font: 600 1rem/1.3 system-ui, sans-serif; text-align: start; cursor: pointer;
}
.launcher:focus-visible { outline: 3px solid var(--on-accent); outline-offset: -6px; }
.launcher:hover { text-decoration: underline; }
.launcher i { inline-size: 1.15rem; block-size: .95rem; border-radius: .35rem .35rem .35rem 0; background: currentColor; flex: none; }
.launcher[aria-busy="true"] { cursor: progress; opacity: .85; }
.sorry {
  position: fixed; inset: auto 1rem 4.75rem auto; z-index: 2147483000; max-width: min(20rem, calc(100vw - 2rem));
  margin: 0; padding: .6rem .9rem; border: 2px solid #9b1c1c; border-radius: .5rem;
  background: #fff; color: #1c2326; font: 1rem/1.5 system-ui, sans-serif;
}
.sorry a { color: inherit; }
@media print { :host { display: none; } }
`;

// Style that a page's own Content-Security-Policy does not stop: no <style>, no style attribute.
function dress(root, look) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    root.append(Object.assign(document.createElement("style"), { textContent: look }));
  }
}

// Black or white, whichever is easier to read on a colour (WCAG 2.2, relative luminance).
function inkOn(colour) {
  const parts = colour.match(/^rgba?\((\d+), (\d+), (\d+)/);
  if (!parts) return null;
  const [red, green, blue] = parts.slice(1).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

class ImrChat extends HTMLElement {
  static observedAttributes = ["open", "accent", "label"];
  #button;
  #sorry;
  #panel;
  #loading;

  connectedCallback() {
    if (this.#button) return;
    const root = this.attachShadow({ mode: "open" });
    dress(root, LOOK);
    this.#button = document.createElement("button");
    Object.assign(this.#button, { type: "button", className: "launcher", lang: this.language });
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.setAttribute("part", "launcher");
    this.#button.addEventListener("click", () => this.open());
    root.append(this.#button);
    this.relabel();
    this.#paint(this.getAttribute("accent"));
    if (this.hasAttribute("open")) this.#show(false);
  }

  disconnectedCallback() {
    this.#panel?.dispose();
  }

  attributeChangedCallback(name) {
    if (!this.#button) return;
    if (name === "label") this.relabel();
    else if (name === "accent") this.#paint(this.getAttribute("accent"));
    else if (this.hasAttribute("open")) this.#show(true);
    else this.#panel?.hide();
  }

  // The button says what it is for, or that there is something to go on with.
  relabel() {
    const own = this.#hasTalk ? this.words.go_on : this.getAttribute("label") || this.words.launcher;
    this.#button.replaceChildren(document.createElement("i"), own);
  }

  // Whether a conversation of this tab can be gone on with.
  get #hasTalk() {
    try {
      return Boolean(sessionStorage.getItem(KEY));
    } catch {
      return false;
    }
  }

  get language() {
    const wanted = (this.closest("[lang]")?.lang || "").slice(0, 2).toLowerCase();
    return wanted in SITE.words ? wanted : Object.keys(SITE.words)[0];
  }

  get words() {
    return SITE.words[this.language];
  }

  open() {
    this.toggleAttribute("open", true);
  }

  close() {
    this.toggleAttribute("open", false);
  }

  #paint(colour) {
    for (const name of ["--imr-accent", "--imr-on-accent"]) this.style.removeProperty(name);
    this.#button.style.color = colour || "";
    const ink = this.#button.style.color && inkOn(getComputedStyle(this.#button).color);
    this.#button.style.color = "";
    if (!ink) return;
    this.style.setProperty("--imr-accent", colour);
    this.style.setProperty("--imr-on-accent", ink);
  }

  async #show(isAsked) {
    this.#sorry?.remove();
    this.#button.setAttribute("aria-busy", "true");
    try {
      this.#loading ??= this.#load();
      this.#panel = await this.#loading;
      if (this.hasAttribute("open")) this.#panel.show(isAsked);
    } catch {
      this.#loading = null;
      this.close();
      this.#apologise();
    }
    this.#button.removeAttribute("aria-busy");
  }

  async #load() {
    const folder = new URL(`widget/${SITE.version}/`, ROOT);
    const [{ Panel }, look, words] = await Promise.all([
      import(new URL("chat.js", folder)),
      fetch(new URL("panel.css", folder)).then((answer) => answer.text()),
      fetch(new URL(`words.${this.language}.json`, folder)).then((answer) => answer.json()),
    ]);
    dress(this.shadowRoot, look);
    return new Panel(this, { root: ROOT, key: KEY, words, launcher: this.#button });
  }

  #apologise() {
    const link = Object.assign(document.createElement("a"), { href: new URL("chat", ROOT), textContent: this.words.plain });
    this.#sorry = Object.assign(document.createElement("p"), { className: "sorry", lang: this.language });
    this.#sorry.setAttribute("role", "alert");
    this.#sorry.append(`${this.words.sorry} `, link);
    this.shadowRoot.append(this.#sorry);
  }
}

if (!customElements.get("imr-chat")) customElements.define("imr-chat", ImrChat);
