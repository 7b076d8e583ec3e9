// The button of the start page opens the chat; without this script it leads to the plain version.
// Where the chat does not come, the link leads to the plain version after all.
const PATIENCE_MS = 4000;

for (const link of document.querySelectorAll("[data-opens-chat]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a tab or window of its own
    event.preventDefault();
    const gaveUp = setTimeout(() => location.assign(link.href), PATIENCE_MS);
    await customElements.whenDefined("imr-chat");
    clearTimeout(gaveUp);
    document.querySelector("imr-chat").open();
  });
}
