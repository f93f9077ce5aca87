// What the settings forms gain from script. Each element wraps plain fields
// and leaves their names and values alone, so whoever reads the form reads the
// same with and without it; every change is told by an ordinary "change".
(() => {
  "use strict";

  const make = (tag, props = {}, ...children) => {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (name in el && name !== "list") el[name] = value;
      else el.setAttribute(name, value);
    }
    el.append(...children);
    return el;
  };
  const button = (label, text, run, className = "button small") =>
    make("button", { type: "button", className, title: label, ariaLabel: label, onclick: run }, text);
  const tell = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));
  const within = (n, low, high) => Math.min(Math.max(n, low), high);
  let serial = 0;

  // rename numbers the fields of rows anew, since a row's place is its name, and
  // what is said about it names the place.
  const placed = ["name", "data-for", "id", "aria-describedby"];
  const rename = (rows) => rows.forEach((row, i) => {
    for (const el of row.querySelectorAll("*")) {
      for (const attr of placed) {
        const name = el.getAttribute(attr);
        if (name) el.setAttribute(attr, name.replace(/\.\d+/g, "." + i));
      }
      const label = el.getAttribute("aria-label");
      if (label) el.setAttribute("aria-label", label.replace(/\b(Destination|Member|Entry|Rule|rule|route|Recipient) \d+/, `$1 ${i + 1}`));
    }
  });

  // <pick-field what="number"> turns a select or text field into a search over
  // /api/pick/number that says who holds what.
  class PickField extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("select, input");
      if (!this.field || this.box || this.field.matches(":disabled")) return;
      const id = "pick-" + ++serial;
      this.picks = this.field.tagName === "SELECT";
      this.list = make("ul", { id, role: "listbox", hidden: true, className: "picks" });
      this.box = this.picks ? make("input", { type: "text", className: "pick" }) : this.field;
      for (const [k, v] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off" })) this.box.setAttribute(k, v);
      if (this.picks) {
        for (const attr of ["aria-label", "aria-describedby"]) {
          if (this.field.hasAttribute(attr)) this.box.setAttribute(attr, this.field.getAttribute(attr));
        }
        const label = this.field.labels?.[0];
        if (this.field.id && label) {
          this.box.id = this.field.id;
          this.field.id += "-value";
        }
        this.field.hidden = true;
        this.box.placeholder = this.field.options[0]?.value === "" ? this.field.options[0].text : "";
        this.field.after(this.box);
        this.show();
        this.field.addEventListener("change", () => this.show());
      }
      this.append(this.list);
      this.box.addEventListener("focus", () => { if (this.picks) this.box.select(); });
      this.box.addEventListener("click", () => this.search(""));
      this.box.addEventListener("input", (e) => {
        if (this.picks) e.stopPropagation();
        this.sought = this.picks && this.box.value !== "";
        this.move(false);
        this.search(this.box.value);
      });
      if (this.picks) this.box.addEventListener("change", (e) => e.stopPropagation());
      this.box.addEventListener("keydown", (e) => this.key(e));
      this.addEventListener("focusout", (e) => { if (!this.contains(e.relatedTarget)) this.close(); });
    }

    disconnectedCallback() { clearTimeout(this.wait); }

    // show writes the words of what is chosen.
    show() {
      const chosen = this.field.selectedOptions[0];
      this.box.value = chosen?.value ? chosen.text : "";
    }

    search(text) {
      clearTimeout(this.wait);
      this.wait = setTimeout(async () => {
        const asked = (this.asked = {});
        let found;
        try {
          const asks = new URLSearchParams({ q: text, flow: this.closest("flow-editor")?.getAttribute("flow") ?? "" });
          const answer = await fetch(`/api/pick/${this.getAttribute("what")}?${asks}`, { headers: { Accept: "application/json" } });
          if (!answer.ok) throw new Error(String(answer.status));
          found = await answer.json();
        } catch {
          found = this.picks ? [...this.field.options].filter((o) => o.value && o.text.toLowerCase().includes(text.toLowerCase())).map((o) => ({ id: o.value, title: o.text })) : [];
        }
        if (asked === this.asked && this.isConnected) this.open(found || []);
      }, text ? 120 : 0);
    }

    open(found) {
      const was = this.list.hidden ? undefined : this.list.querySelector(".at")?.item?.id; // a search that ends late moves nobody
      const none = this.picks && this.field.options[0]?.value === "" ? [{ id: "", title: this.field.options[0].text, none: true }] : [];
      this.list.replaceChildren(...[...none, ...found].map((item, i) => {
        const held = item.claimant;
        const option = make("li", { id: `${this.list.id}-${i}`, role: "option", className: item.none ? "none" : "" },
          make("span", { className: "pick-title" }, item.title || item.id));
        if (held) option.append(make("span", { className: "pick-held" }, `Held by ${held}`), make("span", { className: "pick-move" }, "Move here"));
        else if (item.sub) option.append(make("span", { className: "pick-sub" }, item.sub));
        option.setAttribute("aria-selected", String(item.id === this.field.value));
        option.addEventListener("pointerdown", (e) => e.preventDefault());
        option.addEventListener("click", () => this.choose(item));
        option.item = item;
        return option;
      }));
      if (!this.list.children.length) this.list.append(make("li", { className: "pick-empty", role: "option", ariaDisabled: "true" }, "Nothing found"));
      this.list.hidden = false;
      this.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
      this.box.setAttribute("aria-expanded", "true");
      this.mark([...this.list.children].findIndex((o) => o.item && o.item.id === was));
    }

    // mark makes one option the one that Enter takes; -1: none.
    mark(at) {
      this.at = at;
      const options = [...this.list.children].filter((o) => o.item);
      options.forEach((o, i) => o.classList.toggle("at", i === at));
      options[at]?.scrollIntoView({ block: "nearest" });
      this.box.setAttribute("aria-activedescendant", options[at]?.id || "");
    }

    close() {
      this.asked = null;
      this.sought = false;
      clearTimeout(this.wait);
      this.list.hidden = true;
      this.box.setAttribute("aria-expanded", "false");
      this.box.removeAttribute("aria-activedescendant");
      if (this.picks) this.show();
    }

    choose(item) {
      if (this.picks && ![...this.field.options].some((o) => o.value === item.id)) this.field.append(new Option(item.title, item.id));
      this.field.value = item.id;
      this.move(Boolean(item.claimant));
      this.close();
      tell(this.field);
    }

    // move says whether what is chosen is to be taken from who holds it.
    move(on) {
      const wish = this.closest("fieldset")?.querySelector('[name="move"]');
      if (wish) wish.checked = on;
    }

    key(e) {
      const options = [...this.list.children].filter((o) => o.item);
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        if (this.list.hidden) return this.search(this.picks ? "" : this.box.value);
        this.mark(within(this.at + (e.key === "ArrowDown" ? 1 : -1), 0, options.length - 1));
      } else if (e.key === "Enter" && (this.sought || !this.list.hidden)) {
        const first = this.sought && !this.list.hidden ? options.find((o) => !o.item.none) : null; // what was typed found it
        const chosen = this.list.hidden ? null : options[this.at] || first;
        if (chosen || this.picks) e.preventDefault(); // half a search sends no form
        if (!chosen) return;
        e.stopPropagation();
        this.choose(chosen.item);
      } else if (e.key === "Escape" && !this.list.hidden) {
        e.stopPropagation();
        this.close();
      }
    }
  }

  // <audio-field> plays what is chosen, takes a new file, and records one.
  class AudioField extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("select");
      if (!this.field || this.bar || this.field.matches(":disabled")) return;
      this.sound = new Audio();
      this.play = button("Listen", "▶", () => this.listen());
      const file = make("input", { type: "file", accept: "audio/*,.wav", hidden: true, onchange: () => {
        if (file.files[0]) this.upload(file.files[0], file.files[0].name.replace(/\.[^.]*$/, ""));
        file.value = ""; // the same file may be chosen again
      } });
      this.say = make("span", { className: "hint", role: "status" });
      this.bar = make("span", { className: "audio-bar" }, this.play, button("Upload a file", "Upload", () => file.click()), file);
      if (window.MediaRecorder && navigator.mediaDevices?.getUserMedia && customElements.get("audio-recorder")) this.bar.append(button("Record with the microphone", "Record", () => this.record()));
      this.append(this.bar, this.say);
      this.sound.addEventListener("ended", () => this.rest());
      this.sound.addEventListener("error", () => { if (this.sound.src) { this.say.textContent = "This could not be played."; this.rest(); } });
      this.field.addEventListener("change", () => this.rest());
      this.addEventListener("recorded", (e) => {
        e.stopPropagation();
        this.record();
        this.upload(e.detail.file, `Recording ${new Date().toLocaleString()}`);
      });
      this.rest();
    }

    disconnectedCallback() { this.sound?.pause(); }

    listen() {
      if (!this.sound.paused) return this.rest();
      this.say.textContent = "";
      this.sound.src = `/api/audio/${encodeURIComponent(this.field.value)}/sound`;
      this.sound.play().catch(() => this.rest());
      this.play.textContent = "■";
      this.play.title = this.play.ariaLabel = "Stop";
    }

    rest() {
      this.sound.pause();
      this.play.textContent = "▶";
      this.play.title = this.play.ariaLabel = "Listen";
      this.play.disabled = !this.field.value;
    }

    async upload(file, name) {
      this.say.textContent = `Uploading ${file.name}…`;
      const body = new FormData();
      body.append("file", file);
      body.append("name", name.slice(0, 120));
      try {
        const answer = await fetch("/api/audio", { method: "POST", body, headers: { Accept: "application/json" } });
        const made = await answer.json();
        if (!answer.ok) throw new Error(made.error || "The file was refused.");
        this.take(made);
      } catch (err) {
        this.say.textContent = err instanceof SyntaxError || err instanceof TypeError ? "The upload failed. Try again." : err.message;
      }
    }

    // record begins to record, or gives it up.
    record() {
      if (this.recorder) { this.recorder.remove(); this.recorder = null; return; }
      this.say.textContent = "";
      this.recorder = make("audio-recorder");
      this.append(this.recorder);
      this.recorder.start();
    }

    take(made) {
      if (!made?.id) return;
      this.say.textContent = "";
      if (![...this.field.options].some((o) => o.value === made.id)) this.field.append(new Option(made.name, made.id));
      this.field.value = made.id;
      tell(this.field);
    }
  }

  // <key-caps> lists a voice menu's entries and offers a telephone's keys.
  class KeyCaps extends HTMLElement {
    connectedCallback() {
      this.rows = this.querySelector("ol");
      const row = this.querySelector("template");
      if (!this.rows || !row || this.pad) return;
      this.blank = row.content;
      for (const li of this.rows.children) this.dress(li);
      this.pad = make("div", { className: "pad-keys", role: "group", ariaLabel: "Keys of a telephone" },
        ...[..."123456789*0#"].map((key) => button(`Key ${key}`, key, () => this.toggle(key), "padkey")));
      this.append(this.pad, button("Longer entry of several keys", "+ Longer entry", () => this.add("").focus(), "button small more"));
      this.addEventListener("change", () => this.paint());
      this.paint();
    }

    entries() { return [...this.rows.querySelectorAll("input")]; }

    dress(li) {
      const input = li.querySelector("input");
      input.addEventListener("keydown", (e) => {
        if (e.altKey && (e.key === "ArrowLeft" || e.key === "ArrowRight")) { e.preventDefault(); this.move(li, e.key === "ArrowLeft" ? -1 : 1); }
      });
      input.title = "Alt and an arrow key move it";
      li.draggable = true;
      li.addEventListener("dragstart", () => { this.dragged = li; });
      li.addEventListener("dragover", (e) => { if (this.dragged) e.preventDefault(); });
      li.addEventListener("drop", (e) => {
        e.preventDefault();
        if (!this.dragged || this.dragged === li) return;
        const behind = [...this.rows.children].indexOf(this.dragged) < [...this.rows.children].indexOf(li);
        li[behind ? "after" : "before"](this.dragged);
        this.dragged = null;
        this.done();
      });
      li.append(button("Remove", "×", () => { li.remove(); this.done(); }, "drop"));
    }

    move(li, by) {
      const other = by < 0 ? li.previousElementSibling : li.nextElementSibling;
      if (!other) return;
      other[by < 0 ? "before" : "after"](li);
      li.querySelector("input").focus();
      this.done();
    }

    add(entry) {
      const li = this.blank.cloneNode(true).firstElementChild;
      this.rows.append(li);
      this.dress(li);
      const input = li.querySelector("input");
      input.value = entry;
      rename([...this.rows.children]);
      return input;
    }

    toggle(key) {
      const there = this.entries().find((i) => i.value === key);
      if (there) there.closest("li").remove();
      else this.add(key);
      this.done();
    }

    done() {
      rename([...this.rows.children]);
      this.paint();
      tell(this.rows);
    }

    paint() {
      const set = new Set(this.entries().map((i) => i.value));
      for (const key of this.pad.children) key.setAttribute("aria-pressed", String(set.has(key.textContent)));
    }
  }

  // <hold-router> holds a time router open or closed, apart from its settings.
  // The attribute held says how it is held now, by whomever.
  class HoldRouter extends HTMLElement {
    static observedAttributes = ["held"];

    connectedCallback() {
      if (this.why) return;
      this.why = this.querySelector("[data-why]");
      this.until = this.querySelector("input");
      for (const b of this.querySelectorAll("button")) b.addEventListener("click", () => this.hold(b.value));
      for (const kind of ["input", "change"]) this.until?.addEventListener(kind, (e) => e.stopPropagation());
    }

    attributeChangedCallback(_, was, state) {
      const shows = this.querySelector('[aria-pressed="true"]')?.value;
      if (this.why && (shows ? shows !== state : was !== null && was !== state)) this.ask({});
    }

    hold(state) {
      return this.ask({ method: "PUT", body: JSON.stringify({ state, until: state === "auto" ? "" : this.until.value }) });
    }

    async ask(request) {
      try {
        const answer = await fetch(this.getAttribute("action"), { headers: { "Content-Type": "application/json", Accept: "application/json" }, ...request });
        const now = await answer.json();
        if (!answer.ok) throw new Error(now.error || "It was refused.");
        this.why.textContent = now.now.reason.text;
        const badge = this.querySelector(".badge");
        badge.textContent = now.now.exit;
        badge.className = "badge " + (now.now.exit === "open" ? "good" : "bad");
        for (const b of this.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.value === (now.override.state || "auto")));
      } catch (err) {
        this.why.textContent = err instanceof SyntaxError || err instanceof TypeError ? "The server cannot be reached. Try again." : err.message;
      }
    }
  }

  // <ring-line> lays destinations out on a time line whose bars can be dragged.
  class RingLine extends HTMLElement {
    connectedCallback() {
      this.rows = this.querySelector("ol");
      const row = this.querySelector("template");
      if (!this.rows || !row || this.adder) return;
      this.blank = row.content;
      this.span = Number(this.getAttribute("span"));
      for (const li of this.rows.children) this.dress(li);
      this.adder = button("Ring somebody else", "+ Ring somebody", () => this.add());
      this.append(this.adder);
      this.paint();
    }

    times(li) { return [li.querySelector('[name$=".start"]'), li.querySelector('[name$=".length"]')]; }

    dress(li) {
      li.querySelector(".bar-time").append(button("Remove", "×", () => { li.remove(); this.done(); }, "drop"));
      li.addEventListener("input", () => this.draw(li));
      const bar = li.querySelector(".ringing");
      bar.closest("svg").setAttribute("role", "group"); // a picture must not hold what takes the focus
      bar.setAttribute("tabindex", "0");
      bar.setAttribute("role", "slider");
      bar.setAttribute("aria-label", "Starts at; with Shift, rings for");
      bar.setAttribute("aria-valuemin", "0");
      bar.setAttribute("aria-valuemax", String(this.span - 5));
      bar.addEventListener("pointerdown", (e) => this.drag(e, li, bar));
      bar.addEventListener("keydown", (e) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
        if (!by) return;
        e.preventDefault();
        e.stopPropagation();
        const [start, length] = this.times(li);
        if (e.shiftKey) this.set(li, Number(start.value), Number(length.value) + by);
        else this.set(li, Number(start.value) + by, Number(length.value));
        tell(start);
      });
    }

    drag(e, li, bar) {
      e.preventDefault();
      bar.focus();
      const [start, length] = this.times(li);
      const was = [Number(start.value), Number(length.value)];
      const edge = bar.getBoundingClientRect();
      const grows = edge.right - e.clientX < 10;
      const second = li.querySelector(".rail").getBoundingClientRect().width / this.span;
      const move = (m) => {
        const by = Math.round((m.clientX - e.clientX) / second);
        if (grows) this.set(li, was[0], was[1] + by);
        else this.set(li, was[0] + by, was[1]);
      };
      bar.setPointerCapture(e.pointerId);
      bar.addEventListener("pointermove", move);
      bar.addEventListener("lostpointercapture", () => {
        bar.removeEventListener("pointermove", move);
        if (Number(start.value) !== was[0] || Number(length.value) !== was[1]) tell(start);
      }, { once: true });
    }

    // set keeps a bar on the line.
    set(li, start, length) {
      const fields = this.times(li);
      if (Number(fields[0].value) !== start) start = within(start, 0, Math.min(55, this.span - length));
      else length = within(length, 5, this.span - start);
      fields[0].value = start;
      fields[1].value = length;
      this.draw(li);
    }

    draw(li) {
      const [start, length] = this.times(li).map((i) => within(Number(i.value) || 0, 0, this.span));
      const bar = li.querySelector(".ringing");
      bar.closest("svg").setAttribute("role", "group"); // a picture must not hold what takes the focus
      bar.setAttribute("x", `${(100 * start) / this.span}%`);
      bar.setAttribute("width", `${(100 * Math.min(length, this.span - start)) / this.span}%`);
      bar.setAttribute("aria-valuenow", String(start));
      bar.setAttribute("aria-valuetext", `from ${start} for ${length} seconds`);
    }

    // add appends a bar that follows the last one for 20 s.
    add() {
      const ends = [...this.rows.children].map((li) => this.times(li).reduce((sum, i) => sum + Number(i.value), 0));
      const end = Math.max(0, ...ends);
      const start = end > this.span - 5 ? 0 : end;
      const li = this.blank.cloneNode(true).firstElementChild;
      this.rows.append(li);
      const fields = this.times(li);
      fields[0].value = start;
      fields[1].value = Math.min(20, this.span - start);
      this.dress(li);
      this.done();
      const crowded = this.rows.children.length === Number(this.getAttribute("crowd"));
      // Whoever listens asks first whether it is to be a ring group at all.
      if (crowded && !this.dispatchEvent(new CustomEvent("crowded", { bubbles: true, cancelable: true, detail: li.querySelector("select").name }))) return;
      li.querySelector(".pick")?.click();
      (li.querySelector(".pick") ?? li.querySelector("select"))?.focus();
    }

    done() {
      rename([...this.rows.children]);
      this.paint();
      tell(this.rows);
    }

    paint() {
      const rows = [...this.rows.children];
      rows.forEach((li) => this.draw(li));
      this.adder.disabled = rows.length >= Number(this.getAttribute("max"));
      this.toggleAttribute("many", rows.length >= Number(this.getAttribute("crowd")));
    }
  }

  // <row-list max="50" add="Add a rule" ordered> lets rows of plain fields be
  // added from its template, removed and, where their order counts, moved.
  class RowList extends HTMLElement {
    connectedCallback() {
      this.rows = this.querySelector("ol");
      const row = this.querySelector("template");
      if (!this.rows || !row || this.adder) return;
      this.blank = row.content;
      for (const li of this.rows.children) this.dress(li);
      this.adder = button(this.getAttribute("add"), `+ ${this.getAttribute("add")}`, () => this.add(), "button small more");
      this.append(this.adder);
      this.paint();
    }

    dress(li) {
      const bar = make("span", { className: "row-bar" });
      if (this.hasAttribute("ordered")) bar.append(button("Earlier", "↑", () => this.move(li, -1), "drop"), button("Later", "↓", () => this.move(li, 1), "drop"));
      bar.append(button("Remove", "×", () => this.drop(li), "drop"));
      li.append(bar);
    }

    add() {
      const li = this.blank.cloneNode(true).firstElementChild;
      this.rows.append(li);
      this.dress(li);
      this.done();
      li.querySelector(".pick, select:not([hidden]), input")?.focus();
    }

    drop(li) {
      const next = li.nextElementSibling || li.previousElementSibling;
      li.remove();
      this.done();
      (next?.querySelector("select:not([hidden]), input") || this.adder).focus();
    }

    move(li, by) {
      const other = by < 0 ? li.previousElementSibling : li.nextElementSibling;
      if (!other) return;
      other[by < 0 ? "before" : "after"](li);
      this.done();
    }

    done() {
      rename([...this.rows.children]);
      this.paint();
      tell(this.rows);
    }

    paint() { this.adder.disabled = this.rows.children.length >= Number(this.getAttribute("max")); }
  }

  // <long-minutes> says beside a number of minutes how many hours these are, and
  // with of="s" beside a number of seconds how many minutes.
  class LongMinutes extends HTMLElement {
    connectedCallback() {
      const field = this.querySelector("input"), seconds = this.getAttribute("of") === "s";
      field.addEventListener("input", () => {
        const n = Number(field.value), minutes = seconds ? Math.floor(n / 60) : n, hours = Math.floor(minutes / 60);
        const parts = [[hours, "h"], [minutes % 60, "min"], [seconds ? n % 60 : 0, "s"]].filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`);
        this.querySelector("output").value = (seconds ? n >= 120 : hours > 0) ? `= ${parts.join(" ")}` : "";
      });
    }
  }

  customElements.define("pick-field", PickField);
  customElements.define("audio-field", AudioField);
  customElements.define("key-caps", KeyCaps);
  customElements.define("row-list", RowList);
  customElements.define("hold-router", HoldRouter);
  customElements.define("ring-line", RingLine);
  customElements.define("long-minutes", LongMinutes);
})();
