// The conversation: a dialog with a log, choices, a field for words and one for a day.
import { DayField } from "./day.js";
import { Transcript } from "./keeping.js";
import { Menu } from "./menu.js";
import { Talk } from "./talk.js";
import { View, button, el, offer, retire } from "./view.js";

const SMALL = matchMedia("(max-width: 30rem), (max-height: 26rem)");
const FINGERS = matchMedia("(pointer: coarse)");
const SLOW_MS = 4000;

export class Panel {
  #host;
  #launcher;
  #talk;
  #view;
  #kept;
  #begun = false;
  #slow = null;
  #reason = "";
  #asked = null; // the message that asks for a day

  constructor(host, { root, key, words, launcher }) {
    this.#host = host;
    this.#launcher = launcher;
    this.words = words;
    this.#talk = new Talk(root, key);
    this.#view = new View(words, root);
    this.#kept = new Transcript(words);
    this.#build(root);
    this.#listen();
    host.shadowRoot.append(this.dialog);
  }

  show(isAsked) {
    if (this.dialog.open) return;
    const had = document.activeElement;
    this.#launcher.hidden = true;
    this.#place();
    if (isAsked || SMALL.matches) this.#toField();
    else had?.focus({ preventScroll: true }); // the page opened it by itself
    if (!this.#begun) this.#begin();
    this.#begun = true;
    this.#host.dispatchEvent(new CustomEvent("imr-open", { bubbles: true }));
  }

  // The chat was taken out of its page.
  dispose() {
    SMALL.removeEventListener("change", this.#placeAnew);
    this.#talk.dispose();
  }

  #placeAnew = () => {
    if (!this.dialog.open) return;
    const had = this.#host.shadowRoot.activeElement;
    this.dialog.close();
    this.#place();
    had?.focus({ preventScroll: true });
  };

  // On a small screen the window is all there is; nothing behind it can be reached.
  #place() {
    if (SMALL.matches) this.dialog.showModal();
    else this.dialog.show();
  }

  hide() {
    if (this.dialog.open) this.dialog.close();
  }

  #build(root) {
    const words = this.words;
    const title = this.#host.getAttribute("heading") || words.heading;
    this.title = el("h2", { id: "title", tabindex: "-1" }, title);
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.conversation, tabindex: "0" });
    this.writing = el("p", { class: "writing", hidden: true }, el("span", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), el("span", { role: "status" }));
    this.trouble = el("div", { class: "trouble", role: "alert" });
    this.status = el("p", { class: "status", role: "status" });
    this.text = el("textarea", { id: "text", rows: "1", enterkeyhint: "send" });
    this.day = new DayField(words, {
      send: (text, spoken) => this.#send({ text }, spoken),
      choose: (choice) => this.#choose(choice),
    });
    this.say = el(
      "form",
      { class: "say", onsubmit: (event) => this.#sendText(event) },
      el("label", { for: "text" }, words.your_message),
      this.text,
      el("button", {}, words.send),
    );
    this.after = el("p", { class: "after", hidden: true }, button(words.anew, () => this.#anew()));
    this.menu = new Menu(words, {
      copy: () => this.#copy(),
      download: () => this.#kept.download(),
      print: () => this.#kept.print(this.dialog),
      anew: () => this.#anew(),
      erase: () => this.#erase(),
    });
    const privacy = this.#host.getAttribute("privacy") || new URL("privacy", root).href;
    this.dialog = el(
      "dialog",
      { class: "panel", part: "panel", lang: words.locale, "aria-labelledby": "title", onkeydown: (event) => this.#key(event), onclose: () => this.#closed(), onclick: (event) => this.menu.closeUnlessIn(event) },
      el(
        "div",
        { class: "head" },
        this.title,
        el("div", { class: "tools" }, button(words.leave, () => this.#leave(), { class: "leave" }), this.menu.opener, button(words.close, () => this.#host.close(), { class: "quiet" })),
        this.menu.list,
      ),
      this.log,
      this.writing,
      this.status,
      this.trouble,
      this.day.form,
      this.say,
      this.after,
      el("div", { class: "foot" }, this.#view.linked(`${words.danger} ${words.not_advice} `), el("a", { href: privacy, target: "_blank", rel: "noopener" }, words.privacy)),
    );
    const scheme = this.#host.getAttribute("scheme");
    if (scheme) this.dialog.dataset.scheme = scheme;
  }

  #listen() {
    const on = (type, listener) => this.#talk.addEventListener(type, ({ detail }) => listener(detail));
    on("history", ({ turns }) => this.#showHistory(turns));
    on("said", (message) => this.#showSaid(message));
    on("answered", (answer) => this.#showAnswer(answer));
    on("trouble", (trouble) => this.#showTrouble(trouble));
    on("refused", (refusal) => this.#showRefusal(refusal));
    on("ended", ({ unsent }) => this.#showEnd(unsent));
    on("erased", ({ messages }) => this.#showErased(messages));
    on("calm", () => this.#calm());
    SMALL.addEventListener("change", this.#placeAnew);
  }

  #begin() {
    this.#busy(true);
    this.#talk.begin();
  }

  // What is shown.

  #showHistory(turns) {
    this.log.setAttribute("aria-live", "off"); // what was read before is not read out again
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), turns.length > 1 ? 1000 : 0);
    this.#clear();
    for (const { said, messages } of turns) {
      if (said) {
        retire(this.log, said.payload);
        this.#showMine(said.text, said.at);
      }
      this.#showMessages(messages);
    }
    const mine = [...this.log.querySelectorAll(".you")].at(-1);
    if (mine) this.#bringUp(mine);
    else this.log.scrollTop = 0;
    for (const message of this.#talk.waiting) this.#showSaid(message);
  }

  #showMine(text, at) {
    this.log.append(this.#view.bubble("you", text, at));
    this.#kept.add("you", text, at);
  }

  #showSaid(message) {
    this.#day(null);
    this.#busy(true);
    message.shownAs = this.#view.bubble("you", message.shown, null, { "data-state": "sending" });
    this.log.append(message.shownAs);
    message.shownAs.scrollIntoView({ block: "nearest" });
  }

  #showAnswer({ message, messages, heard }) {
    const mine = message.shownAs;
    delete mine.dataset.state;
    const anew = messages.some((one) => one.anew);
    if (anew) this.#clear();
    else this.#kept.add("you", heard || message.shown);
    if (heard === "" && !this.text.value) this.text.value = message.body.text; // too long: to be parted
    if (heard) mine.querySelector(".bubble").replaceWith(this.#view.bubble("you", heard).firstChild);
    retire(this.log, message.body.payload, message.pressed);
    this.#calm();
    this.#showMessages(messages, anew ? null : mine);
    if (!this.#talk.waiting.length) this.#bringUp(anew ? this.log : mine);
    this.day.focusAfter(message.body.text);
  }

  // The message with its answer in view; an answer that is longer than the view from its beginning.
  #bringUp(mine) {
    const from = (one) => one.getBoundingClientRect().top - this.log.getBoundingClientRect().top + this.log.scrollTop - 8;
    const fits = this.log.scrollHeight - from(mine) <= this.log.clientHeight;
    this.log.scrollTop = from(fits ? mine : (mine.nextElementSibling ?? mine));
  }

  // After what it answers: another message may have been written meanwhile.
  #showMessages(messages, mine) {
    const shown = messages.flatMap((message) => {
      this.#kept.add("assistant", message.text, message.at);
      return this.#view.message(message, (choice, pressed) => this.#choose(choice, pressed), message.at);
    });
    if (mine) mine.after(...shown);
    else this.log.append(...shown);
    const last = messages.at(-1);
    this.#asked = last?.input === "date" ? last : null;
    this.#day(this.#asked);
  }

  #showTrouble({ offline, reason, seconds }) {
    const { words } = this;
    const why = offline ? words.offline : reason || words.no_answer;
    if (why !== this.#reason) this.#complain(why, words.try_now, () => this.#talk.retry());
    this.#reason = why;
    this.again.textContent = words.again_soon.replace("{seconds}", seconds);
  }

  #showRefusal({ message, stuck, reason, again }) {
    this.#busy(false);
    const { words } = this;
    if (message && !stuck) return this.#takeBack([message], reason || words.no_answer);
    if (message) message.shownAs.dataset.state = "unsent";
    this.#complain(`${reason || words.no_answer} ${message ? words.unsent : ""}`.trim(), words.try_now, () => {
      this.#busy(true);
      again();
    });
  }

  #showEnd(unsent) {
    this.#busy(false);
    this.#takeBack(unsent, this.words.ended);
    this.#finish();
  }

  #showErased(messages) {
    this.#clear();
    this.text.value = "";
    this.#busy(false);
    this.#showMessages(messages);
    this.#finish();
  }

  // What was not taken in goes back into the field, so that nothing has to be written twice.
  #takeBack(messages, reason) {
    const texts = messages.map(({ body, shownAs }) => {
      shownAs?.remove();
      return body.text;
    });
    this.text.value = [...texts, this.text.value].filter(Boolean).join("\n");
    offer(this.log);
    this.#day(this.#asked);
    this.#complain(reason);
  }

  #finish() {
    this.#busy(false);
    this.say.hidden = true;
    this.after.hidden = false;
    this.after.firstChild.focus();
  }

  #complain(reason, title, act) {
    clearTimeout(this.#slow);
    this.writing.hidden = true;
    const plain = this.log.childElementCount ? null : el("a", { href: new URL("chat", this.#view.root) }, this.words.plain);
    const again = () => {
      this.#calm();
      this.#toField();
      act();
    };
    this.again = el("span", { "aria-hidden": "true" });
    this.trouble.replaceChildren(el("p", {}, this.#view.linked(reason), " ", this.again), ...[title && button(title, again), plain].filter(Boolean));
    this.#talk.waiting[0]?.shownAs.scrollIntoView({ block: "nearest" }); // the box took its place
  }

  #calm() {
    this.#reason = "";
    this.trouble.replaceChildren();
    if (!this.#talk.waiting.length) this.#busy(false);
  }

  #busy(waiting) {
    clearTimeout(this.#slow);
    this.writing.hidden = !waiting;
    this.writing.lastChild.textContent = "";
    this.log.setAttribute("aria-busy", String(waiting));
    if (waiting) this.#slow = setTimeout(() => (this.writing.lastChild.textContent = this.words.writing), SLOW_MS);
  }

  #note(sentence) {
    this.status.textContent = sentence;
    setTimeout(() => (this.status.textContent = ""), 6000);
  }

  #clear() {
    if (this.log.contains(this.#host.shadowRoot.activeElement)) this.#toField();
    this.log.replaceChildren();
    this.dialog.querySelector("iframe")?.remove(); // what was printed
    this.#kept.clear();
    this.trouble.replaceChildren();
    this.#day(null);
    this.say.hidden = false;
    this.after.hidden = true;
  }

  #day(message) {
    this.day.ask(message);
    if (message) this.writing.lastChild.textContent = this.words.date_field;
  }

  // What the person does.

  #choose({ title, payload }, pressed) {
    if (pressed?.getAttribute("aria-disabled")) return;
    retire(this.log, payload, pressed);
    this.#talk.send({ payload }, title, pressed);
    if (!FINGERS.matches) this.#toField();
  }

  #sendText(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.#talk.send({ text }, text);
    this.text.focus({ preventScroll: true });
  }

  #send(body, shown) {
    this.#talk.send(body, shown);
    this.#toField();
  }

  #key(event) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      if (!this.menu.close()) this.#host.close();
    }
    if (event.target === this.text && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.say.requestSubmit();
    }
  }

  async #copy() {
    this.#note((await this.#kept.copy(this.dialog)) ? this.words.copied : this.words.not_copied);
  }

  #erase() {
    this.#busy(true);
    this.#talk.erase();
  }

  #anew() {
    this.#clear();
    this.#busy(true);
    this.#talk.anew();
    this.#toField();
  }

  // Nothing of the conversation is left on the screen, and the way back does not lead here.
  #leave() {
    this.#talk.forget();
    this.#clear();
    this.text.value = "";
    this.hide();
    location.replace(this.#host.getAttribute("leave-to") || this.words.leave_to);
  }

  #closed() {
    if (this.dialog.open) return; // it was only placed anew
    this.#launcher.hidden = false;
    this.#host.relabel(); // it may say now that there is something to go on with
    this.#launcher.focus();
    this.#host.close();
    this.#host.dispatchEvent(new CustomEvent("imr-close", { bubbles: true }));
  }

  // On a phone the field would bring up the keyboard and hide what was said.
  #toField() {
    if (FINGERS.matches || this.say.hidden) this.title.focus();
    else this.text.focus({ preventScroll: true });
  }
}
