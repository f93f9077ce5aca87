// The editor at work: it holds the flow, takes edits, saves them, takes them
// back, and joins what others save meanwhile.
import type { Change, Draft, Flow, Kind, Mode, Module, Problem, Saved } from "../types";
import { Api } from "./api";
import type { Phone } from "./phone";
import { Saver } from "./saver";
import { Store } from "./store";
import { Typed } from "./typed";
import { freePlace } from "./place";
import { initial, type ExitAt, type Point, type Popup, type State } from "./state";
import { apply, cableKey, diff, touched, type Touched } from "../model/change";
import * as edit from "../model/edit";
import { carried, room } from "../model/frames";
import { History, type Step } from "../model/history";
import { merge, resolve } from "../model/merge";
import { tabOf, tabsOf } from "../model/names";
import { refusal, refusedEdit } from "../model/refuse";

export class Editor extends Store<State> {
  readonly history = new History();
  readonly saver: Saver;
  // What the canvas can do for the rest; set when it is mounted.
  canvas: { fit(): void; zoom(by: number): void; centre(): Point; hand(): Point | null; show(ids: string[]): void; size(id: string): { w: number; h: number }; focus(): void } | null = null;
  readonly typed = new Typed(this);
  // The open form, which hears what became of what was typed into it.
  form: { id: string; took(settings: unknown, problems: Problem[]): void; told(problems: Problem[], failed: string): void } | null = null;
  private known = new Map<string, State["exits"][string]>(); // exits by kind and settings, for undo before the server answers
  tidy = "/static/tidy.js"; // the script that tidies up
  moveBegan = 0; // how long the history was when a move by keys began
  handset = "/static/handset.js"; // the worklet of test calls
  phone: Phone | null = null; // of the test call
  levels: ((said: number, heard: number) => void) | null = null; // where they are shown
  pasted = 0; // how often the clipboard was pasted since it was filled: each goes a little further

  constructor(readonly api: Api, mode: Mode) {
    super(initial(mode));
    this.saver = new Saver(api, {
      saved: (a) => this.saved(a),
      stale: (base, draft) => this.join(base, draft),
      view: (save) => this.set({ save }),
    });
  }

  kind = (kind: string): Kind | undefined => this.state.catalog.kinds.find((k) => k.kind === kind);
  module = (id: string): Module | undefined => edit.moduleOf(this.state.flow, id);
  get editable(): boolean { return this.state.mode === "edit" && this.state.rights.edit && !this.state.narrow; }

  // Opening and joining.

  take(d: Draft): void {
    this.saver.start(d.flow, d.revision);
    this.set({
      status: "ready", flow: d.flow, exits: d.exits, subtitles: d.subtitles ?? {}, held: d.held ?? {}, problems: d.problems ?? [], rights: d.rights, me: d.me, stays: d.stays ?? [],
      published: d.published, publishOnSave: d.publish_on_save, tab: tabOf(d.flow, { tab: this.state.tab }),
    });
    for (const m of d.flow.modules) this.remember(m, d.exits[m.id]);
  }

  private saved(a: Saved): void {
    if (this.told > this.saver.revision) void this.refresh().catch(() => {});
    for (const [id, specs] of Object.entries(a.exits ?? {})) { const m = this.module(id); if (m) this.remember(m, specs); }
    this.set({
      exits: { ...this.state.exits, ...a.exits }, subtitles: { ...this.state.subtitles, ...a.subtitles },
      ...(a.problems ? { problems: a.problems } : {}), ...(a.published ? { published: a.published } : {}),
    });
    if (a.publish_problems?.length) this.toast(`Saved, not published: ${a.publish_problems[0]!.text}`);
  }

  // join merges what somebody else saved with what waits here.
  join(base: Flow, d: Draft): void {
    const { flow, conflicts } = merge(base, this.state.flow, d.flow);
    const exits = { ...this.state.exits, ...d.exits };
    const common = { flow, exits, subtitles: { ...this.state.subtitles, ...d.subtitles }, held: d.held ?? {}, problems: d.problems ?? [], stays: d.stays ?? [], published: d.published, tab: tabOf(flow, { tab: this.state.tab }) };
    if (conflicts.length) {
      this.saver.start(d.flow, d.revision);
      this.saver.hold();
      this.set({ ...common, conflicts });
      return;
    }
    const mine = diff(d.flow, flow);
    this.saver.start(d.flow, d.revision, mine.length ? [{ name: "Joined edits", changes: mine }] : []);
    this.set(common);
    this.dropGone();
  }

  // choose ends the merge screen: the named items are taken from this side.
  choose(mine: Set<string>): void {
    const flow = resolve(this.state.flow, this.state.conflicts ?? [], mine);
    const server = this.saver.server;
    const changes = diff(server, flow);
    this.set({ flow, conflicts: null });
    this.saver.start(server, this.saver.revision, changes.length ? [{ name: "Merged edits", changes }] : []);
    this.dropGone();
    this.say("Merged");
  }

  // news of a saved revision: our own save is also told about, often before
  // its answer is here.
  private told = 0;
  news(revision: number): void {
    this.told = Math.max(this.told, revision);
    if (this.told > this.saver.revision) void this.refresh().catch(() => {}); // the next save finds out as well
  }

  private async refresh(): Promise<void> {
    if (this.state.conflicts || this.saver.busy) return;
    const d = await this.api.draft();
    if (d.revision > this.saver.revision && !this.saver.busy && !this.state.conflicts) this.join(this.saver.server, d);
  }

  // ask opens the merge screen for settings that were typed while somebody
  // else's arrived.
  ask(id: string, base: unknown, mine: unknown): void {
    const theirs = this.module(id);
    if (!theirs) return;
    this.saver.hold();
    this.set({ conflicts: [{ in: "module", key: id, base: { ...theirs, settings: base }, mine: { ...theirs, settings: mine }, theirs, label: theirs.name }] });
  }

  // flushed answers when all that was typed and done is saved; false when it
  // cannot be.
  async flushed(): Promise<boolean> {
    return (await this.typed.settle()) && this.saver.flushed();
  }

  // reload gives up what the server refused and shows the draft as it has it.
  async reload(): Promise<void> { this.take(await this.api.draft()); this.history.past = []; this.history.future = []; this.dropGone(); }

  // Edits.

  private remember(m: Module, exits: State["exits"][string] | undefined): void {
    if (exits) this.known.set(m.kind + JSON.stringify(m.settings), exits);
  }

  commit(name: string, changes: Change[], together?: string): boolean {
    if (!changes.length || !this.editable) return false;
    const why = refusedEdit(this.state.flow, changes, this.state.stays);
    if (why) { this.toast(why); return false; }
    this.history.add(name, changes, together, Date.now());
    this.carryOut(name, changes);
    return true;
  }

  private carryOut(name: string, changes: Change[]): void {
    const exits = { ...this.state.exits };
    for (const c of changes) {
      const m = c.in === "module" ? (c.after as Module | null) : null;
      const specs = m && (this.known.get(m.kind + JSON.stringify(m.settings)) ?? (this.module(m.id)?.kind === m.kind ? exits[m.id] : undefined) ?? this.kind(m.kind)?.exits);
      if (m && specs) exits[m.id] = specs;
    }
    const flow = apply(this.state.flow, changes);
    this.set({ flow, exits, tab: tabOf(flow, { tab: this.state.tab }), changed: this.state.changed + 1 });
    this.dropGone();
    this.saver.add(name, changes);
  }

  // dropGone forgets the selection of what is no longer there.
  private dropGone(): void {
    const { flow, selected, cables, open } = this.state;
    const ids = new Set([...flow.modules, ...(flow.frames ?? []), ...(flow.notes ?? [])].map((i) => i.id));
    const keys = new Set(flow.cables.map(cableKey));
    const kept = selected.filter((id) => ids.has(id)), laid = cables.filter((k) => keys.has(k));
    if (kept.length !== selected.length || laid.length !== cables.length) this.set({ selected: kept, cables: laid, exit: null });
    if (open && !ids.has(open)) this.set({ open: null, fresh: null });
  }

  size = (id: string): { w: number; h: number } => {
    const { frames = [], notes = [] } = this.state.flow, p = [...frames, ...notes].find((x) => x.id === id);
    return p ? { w: p.w, h: p.h } : this.canvas?.size(id) ?? { w: edit.boxWidth, h: 96 };
  };
  carried = (ids: Iterable<string>): Set<string> => carried(this.state.flow, ids, this.size);

  undo(): void { this.step(this.history.undo(this.state.flow), "Undid"); }
  redo(): void { this.step(this.history.redo(this.state.flow), "Redid"); }

  private step(s: Step | null, word: string): void {
    if (!s) return this.say("Nothing to " + (word === "Undid" ? "undo" : "redo"));
    if (s.changes.length) this.carryOut(`${word === "Undid" ? "Undo" : "Redo"} ${s.name}`, s.changes);
    this.set({ changed: this.state.changed + 1 });
    this.lookAt(touched(this.state.flow, s.changes, this.state.tab));
    this.say(`${word} “${s.name}”`);
    if (s.left) this.toast("Somebody else has changed this since; their work was left alone");
  }

  // lookAt selects what an edit has left behind and brings it into view, so that
  // nothing is undone unseen.
  private lookAt({ tab, ids, cables }: Touched): void {
    if (tab === null) return;
    this.set({ tab });
    this.select(ids, cables);
    if (ids.length) requestAnimationFrame(() => this.canvas?.show(ids));
  }

  // addModule puts a new module down, wired if it was asked for by a cable.
  addModule(kind: Kind, at: Point | null, wired: { from?: ExitAt; cable?: string } = {}): void {
    const { flow, tab } = this.state;
    const cable = wired.cable ? flow.cables.find((c) => cableKey(c) === wired.cable) : undefined;
    const p = at ?? freePlace(this, wired.from, cable);
    const m = edit.newModule(flow, kind, tab && flow.tabs?.length ? tab : "", p.x, p.y);
    const main = kind.exits.find((e) => e.main)?.id;
    const changes = edit.add(m);
    if (cable && !kind.entry) changes.push(...edit.insert(flow, cable, m, main), ...(main ? room(flow, m, cable.to, this.size) : []));
    else if (wired.from && !kind.entry) changes.push(...edit.connect(flow, wired.from.module, wired.from.exit, m.id));
    if (!this.commit(`Add ${m.name}`, changes)) return;
    this.select([m.id]);
    this.set({ open: m.id, fresh: m.id, field: null, popup: null });
    this.say(`Added ${m.name}`);
    if (!at) requestAnimationFrame(() => requestAnimationFrame(() => this.canvas?.show([m.id]))); // once it is measured, beside the settings
  }

  connect(from: string, exit: string, to: string): boolean {
    const reason = this.refusal(from, to);
    if (reason) { this.toast(reason); return false; }
    const old = edit.cableAt(this.state.flow, from, exit);
    if (old?.to === to) return true;
    const done = this.commit(`${old ? "Reconnect" : "Connect"} ${this.nameOf(from)} to ${this.nameOf(to)}`, edit.connect(this.state.flow, from, exit, to));
    if (done) this.say(`${this.nameOf(from)}, exit ${this.label(from, exit)}, now leads to ${this.nameOf(to)}`);
    return done;
  }

  refusal = (from: string, to: string): string | null => refusal(this.state.flow, this.kind, from, to);
  nameOf = (id: string): string => this.module(id)?.name ?? edit.paperName(this.state.flow, id) ?? id;
  label = (id: string, exit: string): string => this.state.exits[id]?.find((e) => e.id === exit)?.label ?? exit;

  removeSelected(): void {
    const { flow, selected, cables } = this.state;
    const n = selected.length || cables.length;
    if (!n) return;
    const name = selected.length === 1 ? this.nameOf(selected[0]!) : selected.length ? `${selected.length} items` : n === 1 ? "cable" : `${n} cables`;
    if (this.commit(`Remove ${name}`, edit.remove(flow, new Set(selected), new Set(cables)))) this.toast(`Removed ${name}`, true);
  }

  // Choosing.

  select(ids: string[], cables: string[] = [], exit: string | null = null): void {
    const { open, fresh } = this.state;
    const follows = open && ids.length === 1 && this.module(ids[0]!) ? ids[0]! : open && ids.includes(open) ? open : null;
    this.set({ selected: ids, cables, exit, open: follows, fresh: follows === fresh ? fresh : null, moving: false });
  }

  openSettings(id: string, field: string | null = null): void {
    const m = this.module(id);
    if (!m) return;
    this.reveal(id);
    this.set({ open: id, fresh: this.state.fresh === id ? id : null, field });
  }

  // reveal selects a module, frame or note and brings it into view, on whichever
  // tab it is.
  reveal(id: string): void {
    const { flow } = this.state, at = this.module(id) ?? [...(flow.notes ?? []), ...(flow.frames ?? [])].find((p) => p.id === id);
    if (!at) return;
    this.set({ tab: tabOf(flow, at) });
    this.select([id]);
    requestAnimationFrame(() => this.canvas?.show([id]));
  }

  cancelFresh(): void {
    const id = this.state.fresh;
    if (!id) return;
    this.set({ open: null, fresh: null });
    const last = this.history.past.at(-1);
    if (last?.changes.some((c) => c.in === "module" && c.key === id && c.before === null)) this.undo();
    else this.commit(`Remove ${this.nameOf(id)}`, edit.remove(this.state.flow, new Set([id])));
    this.canvas?.focus();
  }

  popup(p: Popup | null): void {
    this.set({ popup: p });
    const back = () => { if (!this.state.popup && !this.state.writing) this.canvas?.focus(); };
    back();
    requestAnimationFrame(back); // a window over everything lets go of the focus only once it is gone
  }

  // Settings typed into a form.
  setSettings(id: string, settings: unknown, exits: State["exits"][string], subtitle: string | undefined): void {
    const m = this.module(id);
    if (!m) return;
    const after = { ...m, settings };
    this.remember(after, exits);
    this.set({ exits: { ...this.state.exits, [id]: exits }, ...(subtitle === undefined ? {} : { subtitles: { ...this.state.subtitles, [id]: subtitle } }) });
    const lost = this.state.flow.cables.filter((c) => c.from === id && !exits.some((e) => e.id === c.exit));
    const cut = lost.flatMap((c) => edit.disconnect(this.state.flow, c.from, c.exit)); // a cable whose exit is gone has nowhere to begin
    const changes = [...edit.change(this.state.flow, id, { settings }), ...cut].filter((c) => JSON.stringify(c.before) !== JSON.stringify(c.after));
    this.commit(`Set ${m.name}`, changes, "settings " + id);
  }

  goTab(tab: string): void { if (tab !== this.state.tab) { this.set({ tab }); this.select([]); this.say(`Tab ${tabsOf(this.state.flow).find((t) => t.id === tab)?.name ?? ""}`); } }

  // Telling.

  say(text: string): void { this.set({ said: text }); }
  private n = 0;
  toast(text: string, undo = false): void { this.set({ toast: { text, undo, n: ++this.n }, said: text }); }
}
