// The button of the start page opens the chat; without this script it leads to the plain version.
for (const link of document.querySelectorAll("[data-opens-chat]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    await customElements.whenDefined("imr-chat");
    document.querySelector("imr-chat").open();
  });
}
