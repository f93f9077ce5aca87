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

  // The files of a playlist change places, and there are always rows for more.
  const rows = () => [...document.querySelectorAll("select[name^='files.']")];
  if (rows().length && !rows()[0].matches(":disabled")) {
    const more = () => {
      const last = rows().at(-1);
      const field = last.closest(".field").cloneNode(true);
      const next = Number(last.name.split(".")[1]) + 1;
      const select = field.querySelector("select");
      select.name = `files.${next}`;
      select.id = field.querySelector("label").htmlFor = `f-files-${next}`;
      field.querySelector("label").textContent = `${next + 1}.`;
      select.value = "";
      last.closest(".field").after(field);
      tools(field);
    };
    const set = (values) => {
      rows().forEach((s, i) => { s.value = values[i] ?? ""; });
      document.querySelector("form[data-guard]").dispatchEvent(new Event("input"));
    };
    const tools = (field) => {
      field.querySelector(".row-tools")?.remove();
      const bar = Object.assign(document.createElement("span"), { className: "row-tools" });
      for (const [sign, what, change] of [["\u2191", "Move up", (v, i) => { if (i) [v[i - 1], v[i]] = [v[i], v[i - 1]]; }], ["\u00d7", "Take out", (v, i) => { v.splice(i, 1); }]]) {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: sign, title: what });
        button.setAttribute("aria-label", `${what}: ${field.querySelector("label").textContent.trim()}`);
        button.addEventListener("click", () => {
          const values = rows().map((s) => s.value);
          change(values, rows().indexOf(field.querySelector("select")));
          set(values);
        });
        bar.append(button);
      }
      field.append(bar);
    };
    rows().forEach((s) => tools(s.closest(".field")));
    rows()[0].closest("form").addEventListener("change", () => { if (rows().at(-1).value) more(); });
    rows()[0].closest("fieldset").querySelector(".part .hint").textContent = "In this order.";
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
