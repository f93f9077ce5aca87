// The search of the panel, as one types: a combobox with a list below it
// (WAI-ARIA Authoring Practices). Without script its form leads to a page.
(() => {
  "use strict";

  const pause = 120; // ms after a letter before it is searched for

  const attach = (form) => {
    const field = form.querySelector("input"), list = form.querySelector("[role=listbox]"), status = form.querySelector("[role=status]");
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");
    let timer, request, shown = "", cameFrom = null, hurry = false;

    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => list.querySelector("[aria-selected=true]");
    const choose = (option) => {
      chosen()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) field.setAttribute("aria-activedescendant", option.id);
      else field.removeAttribute("aria-activedescendant");
    };
    const open = (is) => {
      list.hidden = !is;
      field.setAttribute("aria-expanded", String(is));
      if (!is) choose(null);
    };
    const text = () => field.value.trim();
    const follow = (option) => { open(false); option.click(); };

    const show = (html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      status.textContent = page.querySelector("[data-found]")?.textContent ?? "";
      page.querySelector("[data-found]")?.remove();
      // Both fields of a page may have a list: ids are those of this one.
      for (const el of page.querySelectorAll("[id]")) el.id = `${field.id}-${el.id}`;
      for (const el of page.querySelectorAll("[aria-labelledby]")) el.setAttribute("aria-labelledby", `${field.id}-${el.getAttribute("aria-labelledby")}`);
      list.replaceChildren(...page.body.childNodes);
      document.dispatchEvent(new CustomEvent("tandem:added", { detail: list }));
      open(true);
      choose(options()[0]);
    };

    const search = async () => {
      request?.abort();
      const wanted = text();
      if (wanted === "") { shown = ""; status.textContent = ""; list.replaceChildren(); return open(false); }
      const mine = request = new AbortController();
      form.toggleAttribute("data-busy", true);
      try {
        const answer = await fetch(`${form.action}?${new URLSearchParams({ q: wanted })}`, { headers: { "HX-Request": "true" }, signal: mine.signal });
        const leave = answer.headers.get("HX-Redirect"); // the session has ended
        if (leave) return location.assign(leave);
        if (!answer.ok) throw new Error(String(answer.status));
        const html = await answer.text();
        if (mine !== request || field !== document.activeElement) return;
        shown = wanted;
        show(html);
        if (!hurry) return;
        hurry = false;
        if (chosen()) follow(chosen());
        else form.submit();
      } catch (e) {
        if (e.name === "AbortError") return;
        if (hurry) return form.submit();
        shown = "";
        status.textContent = "The search does not answer now.";
        open(false);
      } finally {
        if (mine === request) form.removeAttribute("data-busy");
      }
    };

    field.addEventListener("input", () => {
      hurry = false;
      clearTimeout(timer);
      timer = setTimeout(search, text() ? pause : 0);
    });
    field.addEventListener("focus", (e) => {
      cameFrom = e.relatedTarget ?? cameFrom;
      if (text() && text() === shown && list.childElementCount) open(true);
      else if (text()) void search();
    });
    form.addEventListener("focusout", (e) => { if (!form.contains(e.relatedTarget)) open(false); });
    list.addEventListener("mousedown", (e) => e.preventDefault()); // the field keeps the focus
    list.addEventListener("mousemove", (e) => {
      const option = e.target.closest("[role=option]");
      if (option && option !== chosen()) choose(option);
    });
    list.addEventListener("click", (e) => { if (e.target.closest("[role=option]")) open(false); });

    const keys = {
      ArrowDown: () => step(1), ArrowUp: () => step(-1),
      Escape: () => {
        if (!list.hidden) return open(false);
        if (field.value) { field.value = ""; return void search(); }
        field.blur();
        if (cameFrom?.isConnected) cameFrom.focus();
        cameFrom = null;
      },
    };
    const step = (way) => {
      const all = options();
      if (list.hidden || !all.length) { if (text()) void search(); return; }
      choose(all[(all.indexOf(chosen()) + way + all.length) % all.length]);
    };
    // Enter, and the key of a phone that stands for it.
    form.addEventListener("submit", (e) => {
      if (text() && text() !== shown) { // typed faster than it is found
        e.preventDefault();
        clearTimeout(timer);
        hurry = true;
        return void search();
      }
      const at = chosen();
      if (list.hidden || !at) return; // to the page of all results
      e.preventDefault();
      follow(at);
    });
    field.addEventListener("keydown", (e) => {
      if (e.isComposing || e.altKey || !keys[e.key]) return;
      keys[e.key]();
      e.preventDefault();
      e.stopPropagation();
    });
  };

  const forms = [...document.querySelectorAll("[data-find]")];
  forms.forEach(attach);

  const typing = (at) => at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
  // An editor has its own use for both keys, and has had them before they come here.
  addEventListener("keydown", (e) => {
    const slash = e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !typing(e.target) && !document.querySelector("flow-editor");
    const find = e.key.toLowerCase() === "k" && (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey;
    if (e.defaultPrevented || !(slash || find) || document.querySelector("dialog[open]")) return;
    const field = forms.map((f) => f.querySelector("input")).find((f) => f.offsetParent);
    if (!field) return;
    e.preventDefault();
    field.focus();
    field.select();
    // Some keyboards send the character all the same, which would land in the field.
    const drop = (late) => late.preventDefault();
    addEventListener("keypress", drop, true);
    addEventListener("keyup", () => removeEventListener("keypress", drop, true), { capture: true, once: true });
  });
})();
