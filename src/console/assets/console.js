// Comfort only: every page works without this.
"use strict";
(() => {
  // A print button does nothing without a script, so it is shown only with one.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  // A form that takes a while is sent once.
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => {
      for (const button of form.querySelectorAll("button")) {
        setTimeout(() => { button.disabled = true; }, 0);
      }
      const wait = form.querySelector("[data-wait]");
      if (wait) { wait.hidden = false; }
    });
  }
  // Coming back to a page must not leave its buttons dead.
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form button")) { button.disabled = false; }
  });
  // A page that tells how far something is renews that part alone, and says it politely.
  const moving = document.querySelector("[data-moving]");
  if (moving) {
    const meta = document.querySelector("meta[http-equiv=refresh]");
    if (meta) { meta.remove(); }
    const look = async () => {
      const reply = await fetch(location.href, { headers: { "x-part": "1" } }).catch(() => null);
      if (reply && reply.ok) {
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const next = page.querySelector("[data-moving]");
        if (!next) { location.reload(); return; }
        moving.replaceChildren(...next.childNodes);
      }
      setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }
})();
