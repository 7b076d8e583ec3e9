/* Keys for who works with the keyboard; every page does without. */
const lines = [...document.querySelectorAll("[data-line]")];
let at = -1;
let began = "";

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function goTo(selector) {
  const link = document.querySelector(selector);
  if (link) link.click();
}

function move(by) {
  if (!lines.length) return goTo(by > 0 ? "a.after" : "a.before");
  lines[at]?.classList.remove("at");
  at = Math.max(0, Math.min(lines.length - 1, at + by));
  lines[at].classList.add("at");
  lines[at].querySelector("a.open")?.focus();
  lines[at].scrollIntoView({ block: "nearest" });
}

const PAGES = { i: "/staff/inbox", c: "/staff/consultations", o: "/staff/overview" };
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  u: () => goTo("a.up"),
  "/": () => document.querySelector("input[type=search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (began === "g" && PAGES[event.key]) {
    location.assign(PAGES[event.key]);
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
  began = event.key;
});

/* A filter that is chosen is applied at once; without this there is the button. */
for (const select of document.querySelectorAll(".filters select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
