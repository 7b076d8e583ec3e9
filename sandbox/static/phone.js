// The phone: what was sent and came, asked for again every half second.
const me = document.getElementById("me");
const talk = document.getElementById("talk");
const body = document.getElementById("body");
const picture = document.getElementById("picture");
const FIRST = 134;
const PEOPLE = 20;
const ADDRESS = /(https?:\/\/\S+)/;
let shown = "";

for (let at = 0; at < PEOPLE; at++) {
    me.append(new Option(`(415) 555-0${FIRST + at}`, `+14155550${FIRST + at}`));
}

const post = (path, what) =>
    fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });

function told(message) {
    const kind = message.segments === 1 ? "segment" : "segments";
    const pictures = message.pictures ? ", with a picture" : "";
    return `${message.length} signs, ${message.segments} ${kind} of ${message.encoding}, ${message.status}${pictures}`;
}

// Addresses become links, as on a phone; all else stays text.
function linked(text) {
    return text.split(ADDRESS).map((part, at) => {
        if (at % 2 === 0) return part;
        const link = document.createElement("a");
        link.href = link.textContent = part;
        link.target = "_blank";
        link.rel = "noopener";
        return link;
    });
}

function item(message) {
    const one = document.createElement("div");
    const text = document.createElement("p");
    const note = document.createElement("small");
    one.className = message.from_me ? "me" : "";
    text.append(...linked(message.body || "(no words)"));
    note.textContent = told(message);
    one.append(text, note);
    return one;
}

async function refresh() {
    const answer = await fetch(`/sandbox/conversation?number=${encodeURIComponent(me.value)}`).catch(() => null);
    const found = answer?.ok ? await answer.text() : shown;
    if (found !== shown) {
        shown = found;
        const { number, messages } = JSON.parse(found);
        document.getElementById("number").textContent = number;
        talk.replaceChildren(...messages.map(item));
        talk.scrollTop = talk.scrollHeight;
    }
}

document.getElementById("write").addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = body.value;
    body.value = "";
    await post("/sandbox/text", { from: me.value, body: said, pictures: picture.checked ? 1 : 0 });
    refresh();
});
body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        event.target.form.requestSubmit();
    }
});
document.getElementById("knobs").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const number = (name) => Number(form.get(name));
    const answer = await post("/sandbox/behaviour", {
        failure: form.get("failure"), failures: number("failures"), slow: number("slow"), copies: number("copies"),
        shuffled: form.get("shuffled") === "on",
    });
    document.getElementById("told").textContent = answer.ok ? "It will." : (await answer.json()).error;
});
me.addEventListener("change", refresh);
setInterval(refresh, 500);
refresh();
