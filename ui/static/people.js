// What the pages of people, schedules and audio gain from script; each works without it.
(() => {
  "use strict";

  // A page that was reached by sending a form gets its own address, so that reloading does not send it again.
  const here = document.querySelector("[data-here]")?.dataset.here;
  if (here) history.replaceState(null, "", here);

  // What a phone must be told can be copied at once.
  customElements.define("copy-text", class extends HTMLElement {
    connectedCallback() {
      if (!navigator.clipboard || this.querySelector(":scope > button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        const code = this.querySelector("code");
        const text = code ? code.textContent
          : [...this.querySelectorAll("dl > div")].map((d) => `${d.children[0].textContent}: ${d.children[1].textContent.trim()}`).join("\n");
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      this.append(button);
    }
  });

  for (const form of document.querySelectorAll("form[data-confirm]")) {
    form.addEventListener("submit", (e) => { if (!window.confirm(form.dataset.confirm)) e.preventDefault(); });
  }

  // Opening hours: what applies to one working day mostly applies to all.
  const monday = document.getElementById("f-week-1");
  if (monday && !monday.matches(":disabled")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = "Copy Monday to Tuesday–Friday";
    button.addEventListener("click", () => {
      for (const day of [2, 3, 4, 5]) document.getElementById(`f-week-${day}`).value = monday.value;
    });
    monday.closest("fieldset").append(button);
  }
})();
