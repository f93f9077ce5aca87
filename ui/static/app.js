// What the panel's pages gain from script; each works without it.
(() => {
  "use strict";

  // Instants are rendered in UTC; here they are shown in the viewer's zone.
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const day = { day: "numeric", month: "short" };
  const formats = {
    clock: new Intl.DateTimeFormat("en-GB", clock),
    minute: new Intl.DateTimeFormat("en-GB", { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    stamp: new Intl.DateTimeFormat("en-GB", { ...day, ...clock }),
    day: new Intl.DateTimeFormat("en-GB", { ...day, year: "numeric" }),
    full: new Intl.DateTimeFormat("en-GB", { ...day, year: "numeric", ...clock, timeZoneName: "short" }),
  };
  const localise = (root) => {
    for (const el of root.querySelectorAll("time[data-as]")) {
      const at = new Date(el.dateTime);
      const old = Math.abs(Date.now() - at) > 300 * 864e5 && { minute: "day", stamp: "full" }[el.dataset.as]; // the year tells then
      const text = formats[old || el.dataset.as]?.format(at).replace(",", "");
      if (!text || Number.isNaN(at.getTime())) continue;
      el.textContent = text;
      el.title = `${formats.full.format(at)} (${el.dateTime})`;
    }
  };

  const offline = (is) => document.documentElement.toggleAttribute("data-offline", is);

  // Pages that refresh themselves rest while nobody looks at them.
  window.htmx?.registerExtension("tandem", {
    htmx_before_request: (el) => !(document.hidden && el.hasAttribute("data-live")),
    htmx_after_request: (el, detail) => { offline(detail.ctx.response.status >= 500); },
    htmx_error: () => { offline(true); },
    htmx_after_swap: () => { localise(document); },
    // A message that the viewer unfolded stays unfolded.
    htmx_before_morph_attr: (el, detail) => !(el.tagName === "DETAILS" && detail.attrName === "open"),
  });

  // A list narrows as soon as a filter is chosen, and its address holds what narrows it alone.
  for (const form of document.querySelectorAll("form[data-filters]")) {
    form.addEventListener("change", (e) => { if (e.target.matches("select, [type=date]")) form.requestSubmit(); });
    form.addEventListener("formdata", (e) => {
      for (const [name, value] of [...e.formData]) if (value === "") e.formData.delete(name);
    });
  }

  // Time zones are offered, not recalled.
  const zone = document.querySelector("input[name=zone]:not([type=hidden])");
  if (zone) {
    const zones = Object.assign(document.createElement("datalist"), { id: "zones" });
    for (const name of Intl.supportedValuesOf?.("timeZone") ?? []) zones.append(new Option(name));
    document.body.append(zones);
    zone.setAttribute("list", zones.id);
  }

  // What was typed is not lost by a slip.
  let typed = false;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
  }
  window.addEventListener("beforeunload", (e) => { if (typed) e.preventDefault(); });

  // Long work says that it runs.
  for (const form of document.querySelectorAll("form[data-progress]")) {
    form.addEventListener("submit", (e) => {
      if (e.defaultPrevented) return;
      const button = e.submitter ?? form.querySelector("button:not([type=button])");
      button.textContent = form.dataset.progress;
      button.setAttribute("aria-busy", "true");
      setTimeout(() => { button.disabled = true; });
    });
  }
  window.addEventListener("pageshow", (e) => { if (e.persisted && document.querySelector("[aria-busy]")) location.reload(); });

  localise(document);
  document.addEventListener("tandem:added", (e) => { localise(e.detail); });
})();
