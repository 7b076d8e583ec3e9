// The chat on the first page. Only the session's token is kept, and only until the tab is closed.
const chat = document.getElementById("chat");
const words = chat.dataset;
const part = (id) => document.getElementById(id);
const [log, writing, trouble, say, day, text, date, anew] =
  ["log", "writing", "trouble", "say", "day", "text", "date", "anew"].map(part);
const TOKEN = "imr-session";
const WAIT_MS = 40000;
const LINKS = new RegExp(
  [
    String.raw`https?://[^\s<>"]+[^\s<>".,;:!?)\]]`,
    String.raw`(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b`,
    String.raw`\b(?:${words.shortNumbers.split(" ").join("|")})\b(?![-\d])`,
  ].join("|"),
  "g",
);

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function button(title, action, className = "") {
  const made = element("button", className, title);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function link(found) {
  const made = element("a", "", found);
  made.href = found.startsWith("http") ? found : `tel:${found.replace(/[^\d+]/g, "")}`;
  if (found.startsWith("http")) {
    made.rel = "noopener noreferrer";
    made.target = "_blank";
  }
  return made;
}

// The text as it is, with addresses and phone numbers as links; markup in it stays text.
function linked(words) {
  const pieces = [];
  let end = 0;
  for (const match of words.matchAll(LINKS)) {
    pieces.push(words.slice(end, match.index), link(match[0]));
    end = match.index + match[0].length;
  }
  return [...pieces, words.slice(end)];
}

function show(who, content, className = "message") {
  const shown = element("div", className, element("span", "unseen", `${who}: `), ...content);
  log.append(shown);
  return shown;
}

function showAnswer(messages) {
  messages.forEach(({ text: said, papers }) => {
    if (said) show(words.assistant, linked(said));
    if (papers.length) log.append(paperLinks(papers));
  });
  const buttons = messages.flatMap((message) => message.buttons);
  if (buttons.length) log.append(choices(buttons));
  day.hidden = messages.at(-1)?.input !== "date";
}

function choices(buttons) {
  const made = buttons.map(({ title, payload }) => button(title, () => send({ payload }, title)));
  const group = element("div", "choices", ...made);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.choices);
  return group;
}

function paperLinks(papers) {
  const items = papers.map(({ title, url }) => {
    const made = element("a", "", title);
    made.href = url;
    return element("li", "", made);
  });
  const group = element("nav", "papers", element("p", "", words.papers), element("ul", "", ...items));
  group.setAttribute("aria-label", words.papers);
  return group;
}

function busy(waiting) {
  writing.hidden = !waiting;
  document.querySelectorAll("button").forEach((one) => (one.disabled = waiting));
}

function complain(sentence, title, action) {
  const again = button(title, () => {
    trouble.replaceChildren();
    action();
  });
  trouble.replaceChildren(element("p", "trouble", ...linked(sentence), " ", again));
  trouble.scrollIntoView({ block: "nearest" });
}

async function post(path, body) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const options = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(WAIT_MS) };
  const answer = await fetch(path, options);
  const content = await answer.json();
  return answer.ok ? content : Promise.reject(Object.assign(new Error(), { status: answer.status, content }));
}

// Run one request with the typing sign; say in words what went wrong and offer to try again.
async function attempt(request, retry) {
  busy(true);
  trouble.replaceChildren();
  try {
    return await request();
  } catch (error) {
    if (error.status === 401) complain(words.ended, words.anew, open);
    else complain(error.content?.error?.message ?? unreachable(), words.again, retry);
  } finally {
    busy(false);
  }
  return null;
}

const unreachable = () => (navigator.onLine ? words.noAnswer : words.offline);

async function open() {
  sessionStorage.removeItem(TOKEN);
  log.replaceChildren();
  const opened = await attempt(() => post("/webhooks/web/session", {}), open);
  if (!opened) return;
  sessionStorage.setItem(TOKEN, opened.session);
  showAnswer(opened.messages);
}

async function send(message, shown) {
  const answer = await attempt(() => post("/webhooks/web/messages", message), () => send(message, shown));
  if (!answer) return;
  log.querySelectorAll(".choices").forEach((group) => group.remove());
  const mine = show(words.you, [shown], "message mine");
  if (message.text === text.value.trim()) text.value = "";
  showAnswer(answer.messages);
  text.focus({ preventScroll: true });
  mine.scrollIntoView({ block: "start" });
}

say.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = text.value.trim();
  if (typed && writing.hidden) send({ text: typed }, typed);
});

day.addEventListener("submit", (event) => {
  event.preventDefault();
  const [year, month, number] = date.value.split("-").map(Number);
  const spoken = new Date(year, month - 1, number).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  send({ text: date.value }, spoken);
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say.requestSubmit();
});

anew.addEventListener("click", open);
document.querySelectorAll("[data-numbers]").forEach((one) => one.replaceChildren(...linked(one.textContent)));
say.hidden = anew.hidden = false;
if (sessionStorage.getItem(TOKEN)) show(words.assistant, [words.welcomeBack]);
else open();
