// Everything without a pointer. Keys act on the chosen module and, if one is
// chosen, on its exit; the arrows choose.
import type { Editor } from "./editor";
import type { Popup } from "./state";
import type { ExitSpec } from "../types";
import { cableKey } from "../model/change";
import { cableAt, disconnect, toggleHangUp } from "../model/edit";
import { tabOf } from "../model/names";
import { duplicate, frame } from "./arrange";
import { moveBy, startMove } from "./move";
import { intoQueue, turns } from "./turn";

type Act = (editor: Editor, e: KeyboardEvent) => void | false;

// Keys of the canvas; "mod+" is Control, or Command on a Mac.
const canvasKeys: Record<string, Act> = {
  arrowright: (ed) => along(ed, 1), arrowleft: (ed) => along(ed, -1), arrowdown: (ed) => across(ed, 1), arrowup: (ed) => across(ed, -1),
  enter: (ed) => open(ed), e: (ed) => open(ed),
  n: (ed) => addFrom(ed), "/": (ed) => ed.editable ? ed.popup({ is: "add", at: null, screen: null }) : undefined,
  c: (ed) => connectFrom(ed), m: (ed) => startMove(ed), h: (ed) => hangUp(ed), q: (ed) => queueUp(ed),
  delete: (ed) => removeChosen(ed), backspace: (ed) => removeChosen(ed),
  f: (ed) => ed.canvas?.fit(), "shift+!": (ed) => ed.canvas?.fit(), "shift+1": (ed) => ed.canvas?.fit(), g: (ed) => frame(ed),
  "+": (ed) => ed.canvas?.zoom(1.25), "shift++": (ed) => ed.canvas?.zoom(1.25), "=": (ed) => ed.canvas?.zoom(1.25), "-": (ed) => ed.canvas?.zoom(0.8), "0": (ed) => ed.canvas?.zoom(0),
  o: (ed) => ed.set({ outline: !ed.state.outline }),
  "?": (ed) => ed.popup({ is: "help" }), "shift+?": (ed) => ed.popup({ is: "help" }),
  escape: (ed) => escape(ed),
  "mod+a": (ed) => ed.select(ed.state.flow.modules.filter((m) => tabOf(ed.state.flow, m) === ed.state.tab).map((m) => m.id)),
  "mod+d": (ed) => duplicate(ed),
};

// Keys that work wherever the focus is, unless in a field.
const editorKeys: Record<string, Act> = {
  "mod+z": (ed) => ed.undo(), "mod+shift+z": (ed) => ed.redo(), "mod+y": (ed) => ed.redo(), "mod+k": (ed) => ed.popup({ is: "find" }),
};

export function chord(e: KeyboardEvent): string {
  return (e.ctrlKey || e.metaKey ? "mod+" : "") + (e.shiftKey ? "shift+" : "") + e.key.toLowerCase();
}

export const typing = (e: Event): boolean => {
  const at = e.target as HTMLElement;
  return at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
};

// onKey serves the canvas itself.
export function onKey(editor: Editor, e: KeyboardEvent): void {
  if (typing(e) || e.altKey || e.defaultPrevented) return;
  const key = chord(e);
  if (editor.state.moving && moveBy(editor, e)) return e.preventDefault();
  if ((key === "enter" || key === " ") && (e.target as Element).closest("button, a")) return;
  const act = canvasKeys[key];
  if (!act || act(editor, e) === false) return;
  e.preventDefault();
  swallow();
}

// onCanvas does what a key of the canvas does.
export function onCanvas(editor: Editor, key: string): void { canvasKeys[key]?.(editor, new KeyboardEvent("keydown")); }

// swallow drops the character that some keyboards send after a key has been
// used: it would land in the field which that key has just opened.
export function swallow(): void {
  const drop = (e: Event) => e.preventDefault();
  addEventListener("keypress", drop, true);
  addEventListener("keyup", () => removeEventListener("keypress", drop, true), { capture: true, once: true });
}

// onAnyKey serves the whole editor.
export function onAnyKey(editor: Editor, e: KeyboardEvent): void {
  const key = chord(e);
  if (editor.state.popup || (typing(e) && key !== "mod+k")) return;
  const act = editorKeys[key];
  if (!act) return;
  act(editor, e);
  e.preventDefault();
}

const one = (ed: Editor): string | null => (ed.state.selected.length === 1 && ed.module(ed.state.selected[0]!) ? ed.state.selected[0]! : null);
const exitsOf = (ed: Editor, id: string): ExitSpec[] => ed.state.exits[id] ?? [];

function choose(ed: Editor, id: string, exit: string | null = null): void {
  ed.select([id], [], exit);
  ed.canvas?.show([id]);
  ed.say(exit === null ? describe(ed, id) : exitInWords(ed, id, exit));
}

function describe(ed: Editor, id: string): string {
  const m = ed.module(id)!;
  const n = exitsOf(ed, id).length;
  return `${m.name}, ${ed.kind(m.kind)?.title ?? m.kind}, ${n} ${n === 1 ? "exit" : "exits"}`;
}

function exitInWords(ed: Editor, id: string, exit: string): string {
  const to = cableAt(ed.state.flow, id, exit)?.to;
  const ends = ed.module(id)?.hang_up_here?.includes(exit);
  return `Exit ${ed.label(id, exit)}: ${to ? "to " + ed.nameOf(to) : ends ? "hangs up" : "leads nowhere. N adds a module, C connects one"}`;
}

// along walks with the calls, or against them.
function along(ed: Editor, way: 1 | -1): void {
  const id = one(ed), { flow, exit } = ed.state;
  if (!id) return first(ed);
  if (way > 0) {
    if (exit === null) { const e = exitsOf(ed, id)[0]; return e ? choose(ed, id, e.id) : nearest(ed, id, 1, 0); }
    const to = cableAt(flow, id, exit)?.to;
    if (to && ed.module(to)) { ed.set({ tab: tabOf(flow, ed.module(to)!) }); return choose(ed, to); }
    return ed.say(exitInWords(ed, id, exit));
  }
  if (exit !== null) return choose(ed, id);
  const from = flow.cables.find((c) => c.to === id);
  if (!from) return nearest(ed, id, -1, 0);
  ed.set({ tab: tabOf(flow, ed.module(from.from)!) });
  choose(ed, from.from, from.exit);
}

function across(ed: Editor, way: 1 | -1): void {
  const id = one(ed), exit = ed.state.exit;
  if (!id) return first(ed);
  if (exit === null) return nearest(ed, id, 0, way);
  const all = exitsOf(ed, id), i = all.findIndex((e) => e.id === exit);
  const next = all[(i + way + all.length) % all.length];
  if (next) choose(ed, id, next.id);
}

function first(ed: Editor): void {
  const here = ed.state.flow.modules.filter((m) => tabOf(ed.state.flow, m) === ed.state.tab);
  const m = here.find((x) => ed.kind(x.kind)?.entry) ?? here[0];
  if (m) choose(ed, m.id);
  else ed.say("This tab is empty. Slash adds a module");
}

// nearest goes to the next module in a direction of the drawing.
function nearest(ed: Editor, id: string, dx: number, dy: number): void {
  const at = ed.module(id)!, { flow } = ed.state;
  let best: string | null = null, least = Infinity;
  for (const m of flow.modules) {
    if (m.id === id || tabOf(flow, m) !== tabOf(flow, at)) continue;
    const x = (m.x ?? 0) - (at.x ?? 0), y = (m.y ?? 0) - (at.y ?? 0);
    const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 0) continue;
    if (ahead + 2 * aside < least) { least = ahead + 2 * aside; best = m.id; }
  }
  if (best) choose(ed, best);
}

function open(ed: Editor): void {
  const id = one(ed), paper = ed.state.selected.length === 1 ? ed.state.selected[0]! : null;
  if (id) ed.openSettings(id, "*");
  else if (paper && ed.editable) ed.set({ writing: paper });
}

// freeExit is the chosen exit, or the first that still needs a cable.
function freeExit(ed: Editor, id: string): string | undefined {
  const all = exitsOf(ed, id), free = (e: ExitSpec) => !cableAt(ed.state.flow, id, e.id);
  return ed.state.exit ?? (all.find((e) => e.main && free(e)) ?? all.find(free) ?? all[0])?.id;
}

// addAfter asks what comes after an exit; a cable that is there is kept, behind
// what is added.
export function addAfter(ed: Editor, module: string, exit: string): Popup {
  const cable = cableAt(ed.state.flow, module, exit);
  return { is: "add", at: null, screen: null, from: { module, exit }, ...(cable ? { cable: cableKey(cable) } : {}) };
}

function addFrom(ed: Editor): void {
  if (!ed.editable) return;
  const id = one(ed), exit = id ? freeExit(ed, id) : undefined;
  ed.popup(id && exit ? addAfter(ed, id, exit) : { is: "add", at: null, screen: null });
}

function connectFrom(ed: Editor): void {
  if (!ed.editable) return;
  const id = one(ed), exit = id ? freeExit(ed, id) : undefined;
  if (!id || !exit) return ed.say(id ? "This module has no exit" : "Choose a module first");
  ed.select([id], [], exit);
  ed.popup({ is: "connect", from: { module: id, exit } });
}

function hangUp(ed: Editor): void {
  const id = one(ed), exit = id ? freeExit(ed, id) : undefined;
  if (!id || !exit || !ed.editable) return;
  const on = ed.module(id)!.hang_up_here?.includes(exit);
  if (ed.commit(on ? `Do not hang up at ${ed.label(id, exit)}` : `Hang up at ${ed.label(id, exit)}`, toggleHangUp(ed.state.flow, id, exit))) ed.say(exitInWords(ed, id, exit));
}

function queueUp(ed: Editor): void {
  const id = one(ed);
  if (!id || !turns(ed.module(id))) return ed.say("Choose a ring group: it turns into a queue");
  void intoQueue(ed, id);
}

function removeChosen(ed: Editor): void {
  const id = one(ed), exit = ed.state.exit;
  if (id && exit !== null && cableAt(ed.state.flow, id, exit)) {
    ed.commit(`Remove cable of ${ed.label(id, exit)}`, disconnect(ed.state.flow, id, exit));
    return ed.say("Removed the cable");
  }
  ed.removeSelected();
}

function escape(ed: Editor): void {
  const s = ed.state;
  if (s.drawing) return ed.set({ drawing: false });
  if (s.fresh) return ed.cancelFresh();
  if (s.exit !== null) return ed.select(s.selected, [], null);
  if (s.open) return ed.set({ open: null });
  ed.select([]);
}
