// The field for a day, with what else may be chosen beside it.
import { button, el } from "./view.js";

export class DayField {
  #sent = null;

  // `send` gets the day as YYYY-MM-DD and as people write it; `choose` gets another choice.
  constructor(words, { send, choose }) {
    this.words = words;
    this.choose = choose;
    this.input = el("input", { id: "date", type: "date", required: true, min: "1900-01-01", max: "2199-12-31" });
    this.others = el("span", { class: "unsure" });
    const onsubmit = (event) => {
      event.preventDefault();
      this.#sent = this.input.value;
      const spoken = this.input.valueAsDate.toLocaleDateString(words.locale, { dateStyle: "long", timeZone: "UTC" });
      send(this.input.value, spoken);
    };
    this.form = el(
      "form",
      { class: "day", hidden: true, onsubmit },
      el("label", { for: "date" }, words.date),
      this.input,
      el("button", {}, words.use_date),
      this.others,
    );
  }

  // Shown for a message that asks for a day, else hidden.
  ask(message) {
    this.form.hidden = !message;
    this.input.value = "";
    const others = message?.buttons ?? [];
    this.others.replaceChildren(...others.map((one) => button(one.title, () => this.choose(one), { class: "quiet" })));
  }

  // Who has given one day and is asked for another goes on in the field.
  focusAfter(text) {
    if (!this.form.hidden && text === this.#sent) this.input.focus();
  }
}
