// The conversation with the server. Each message has a number of its own, is sent until it is answered, one after the
// other, and counts once however often it is sent. Only the session's token is kept, until the tab is closed.
const PATH = "webhooks/web/";
const WAIT_MS = 40000;
const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds
const MOST_FAILURES = 5;
// No answer at all (0), too slow, too often, or an error of the server: trying again may help.
const passes = (status) => !status || status > 499 || status === 408 || status === 429;

const number = () =>
  crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

class Ended extends Error {}
class Refused extends Error {}

export class Talk extends EventTarget {
  #root;
  #key;
  #held = null;
  #gone = new AbortController();
  #queue = [];
  #draining = false;
  #turns = 0;
  #wake = null;
  #life = 0; // which conversation of this tab it is: what comes late from an earlier one is not heard
  #begun = Promise.resolve(false); // whether there is a session to write in

  constructor(root, key) {
    super();
    this.#root = root;
    this.#key = key;
    const { signal } = this.#gone;
    addEventListener("online", () => this.retry(), { signal });
    addEventListener("beforeunload", (event) => this.#queue.length && event.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh(), { signal });
  }

  // The chat was taken out of its page.
  dispose() {
    this.#gone.abort();
    this.#life += 1;
    this.#wake?.();
  }

  get #token() {
    try {
      return sessionStorage.getItem(this.#key);
    } catch {
      return this.#held; // a browser that keeps nothing for this page
    }
  }

  set #token(token) {
    this.#held = token;
    try {
      if (token) sessionStorage.setItem(this.#key, token);
      else sessionStorage.removeItem(this.#key);
    } catch {
      /* held in memory */
    }
  }

  // The messages that were not answered yet, in their order.
  get waiting() {
    return [...this.#queue];
  }

  // Go on with the conversation of this tab, or begin one.
  begin() {
    this.#begun = this.#settled(async () => {
      const answer = await this.#insist(this.#token ? "history" : "session", {});
      if (!answer) return;
      this.#tellHistory(answer.turns ? answer : { turns: [{ said: null, messages: answer.messages }] });
    }, () => this.begin());
    this.#drain();
  }

  anew() {
    this.forget();
    this.begin();
  }

  // Drop what this tab knows; the words stay on the server.
  forget() {
    this.#life += 1;
    this.#token = null;
    this.#queue = [];
    this.#turns = 0;
    this.#wake?.();
  }

  // Take one message: words or the payload of a choice, and how it is shown.
  send(body, shown, pressed) {
    const message = { body: { ...body, id: number() }, shown, pressed };
    this.#queue.push(message);
    this.#tell("said", message);
    this.#drain();
  }

  retry() {
    this.#wake?.();
    this.#drain();
  }

  async erase() {
    await this.#settled(async () => {
      const answer = await this.#insist("erase", {});
      if (!answer) return;
      this.forget();
      this.#tell("erased", answer);
    }, () => this.erase());
  }

  // Another tab may have gone on with the same conversation.
  async refresh() {
    if (!this.#token || this.#queue.length) return;
    const life = this.#life;
    const answer = await this.#post("history", { known: this.#turns });
    if (life === this.#life && answer.ok && !this.#queue.length && answer.content.turns) this.#tellHistory(answer.content);
  }

  #tellHistory({ turns }) {
    this.#turns = turns.length;
    this.#tell("history", { turns });
  }

  async #drain() {
    if (this.#draining || !this.#queue.length) return;
    this.#draining = true;
    const goesOn =
      (await this.#begun) &&
      (await this.#settled(async () => {
        while (this.#queue.length) {
          const message = this.#queue[0];
          const isWanted = () => this.#queue[0] === message; // not after all was erased or begun anew
          const answer = await this.#insist("messages", message.body, isWanted);
          if (!answer) return;
          this.#queue.shift();
          const anew = answer.messages.some((one) => one.anew);
          this.#turns = anew ? 1 : this.#turns + (answer.heard === "" ? 0 : 1); // what was not taken in is no turn
          this.#tell("answered", { message, ...answer });
        }
      }, () => this.retry()));
    this.#draining = false;
    if (goesOn && this.#queue.length) this.#drain();
  }

  // Run it; what cannot be mended by trying again is told. The answer: whether what waits may be sent.
  async #settled(run, again) {
    try {
      await run();
      this.#tell("calm");
      return true;
    } catch (error) {
      const unsent = this.#queue;
      if (error instanceof Ended) {
        this.forget();
        this.#tell("ended", { unsent });
      } else if (error instanceof Refused) {
        this.#queue = error.stuck ? unsent : unsent.slice(1);
        this.#tell("refused", { message: unsent[0], stuck: error.stuck, reason: error.message, again });
        return !error.stuck;
      } else throw error;
    }
    return false;
  }

  // Ask until there is an answer, with longer and longer pauses; a pause ends at once when the device is online again.
  async #insist(path, body, isWanted = () => true) {
    const life = this.#life;
    for (let tries = 0; isWanted() && life === this.#life; tries += 1) {
      const answer = await this.#post(path, body);
      if (!isWanted() || life !== this.#life) break;
      if (answer.ok) {
        if (answer.content.session) this.#token = answer.content.session; // good for longer
        return answer.content;
      }
      const reason = answer.content?.error?.message ?? "";
      if (answer.status === 401) throw new Ended();
      const stuck = answer.status >= 500 && tries + 1 >= MOST_FAILURES;
      if (stuck || !passes(answer.status)) throw Object.assign(new Refused(reason), { stuck });
      const seconds = answer.after || PAUSES[Math.min(tries, PAUSES.length - 1)];
      this.#tell("trouble", { offline: !answer.status && !navigator.onLine, reason, seconds });
      await this.#pause(seconds);
    }
    return null;
  }

  #pause(seconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1000 * seconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #post(path, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT_MS);
    const headers = { "Content-Type": "application/json" };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    try {
      const answer = await fetch(new URL(PATH + path, this.#root), {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        signal: stop.signal,
        credentials: "omit",
      });
      const content = await answer.json().catch(() => null);
      const ok = answer.ok && content !== null;
      return { ok, status: answer.ok && !ok ? 502 : answer.status, content, after: Number(answer.headers.get("Retry-After")) };
    } catch {
      return { ok: false, status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
