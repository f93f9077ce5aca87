// The edits a person can make, each as the list of changes it is. Nothing here
// touches the screen or the network.
import type { Cable, Change, Flow, Kind, Module, Paper, Test } from "../types";
import { cableKey, itemOf } from "./change";
import { moduleName, newId } from "./names";

export const grid = 16;
export const boxWidth = 224;
export const snap = (n: number): number => Math.round(n / grid) * grid;

// tidy leaves out what is empty, as the server prints it, so that a change's
// before is what stands there.
export function tidy(m: Module): Module {
  const out: Module = { id: m.id, kind: m.kind, name: m.name, settings: m.settings };
  if (m.tab) out.tab = m.tab;
  if (m.x) out.x = m.x;
  if (m.y) out.y = m.y;
  if (m.shelved) out.shelved = true;
  if (m.note) out.note = m.note;
  if (m.hang_up_here?.length) out.hang_up_here = m.hang_up_here;
  return out;
}

export const moduleOf = (flow: Flow, id: string): Module | undefined => flow.modules.find((m) => m.id === id);
export const cableAt = (flow: Flow, from: string, exit: string): Cable | undefined => flow.cables.find((c) => c.from === from && c.exit === exit);

export function newModule(flow: Flow, kind: Kind, tab: string, x: number, y: number): Module {
  return tidy({ id: newId(), kind: kind.kind, name: moduleName(flow, tab, kind.title), tab, x: snap(x), y: snap(y), settings: structuredClone(kind.settings) });
}

export const add = (m: Module): Change[] => [{ in: "module", key: m.id, before: null, after: m }];

// change edits one module, keeping what is not named.
export function change(flow: Flow, id: string, edit: Partial<Module>): Change[] {
  const before = moduleOf(flow, id);
  return before ? [{ in: "module", key: id, before, after: tidy({ ...before, ...edit }) }] : [];
}

// connect lays a cable; the exit's old one is replaced, and an exit that leads
// somewhere no longer needs to hang up.
export function connect(flow: Flow, from: string, exit: string, to: string): Change[] {
  const cable: Cable = { from, exit, to };
  const out: Change[] = [{ in: "cable", key: cableKey(cable), before: itemOf(flow, "cable", cableKey(cable)), after: cable }];
  const m = moduleOf(flow, from);
  if (m?.hang_up_here?.includes(exit)) out.push(...change(flow, from, { hang_up_here: m.hang_up_here.filter((e) => e !== exit) }));
  return out;
}

export function disconnect(flow: Flow, from: string, exit: string): Change[] {
  const before = cableAt(flow, from, exit);
  return before ? [{ in: "cable", key: cableKey(before), before, after: null }] : [];
}

// reconnect moves either end of a cable.
export function reconnect(flow: Flow, old: Cable, now: Cable): Change[] {
  const off = old.from === now.from && old.exit === now.exit ? [] : disconnect(flow, old.from, old.exit);
  return [...off, ...connect(flow, now.from, now.exit, now.to)];
}

// insert puts a module into a cable: in by its inlet, on by its first exit.
export function insert(flow: Flow, cable: Cable, m: Module, exit: string | undefined): Change[] {
  const out = connect(flow, cable.from, cable.exit, m.id);
  if (exit && !cableAt(flow, m.id, exit)) out.push({ in: "cable", key: m.id + " " + exit, before: null, after: { from: m.id, exit, to: cable.to } });
  return out;
}

// remove takes items away, with the cables that touch them.
export function remove(flow: Flow, ids: Set<string>, cables: Set<string> = new Set()): Change[] {
  const out: Change[] = [];
  for (const c of flow.cables)
    if (ids.has(c.from) || ids.has(c.to) || cables.has(cableKey(c))) out.push({ in: "cable", key: cableKey(c), before: c, after: null });
  for (const m of flow.modules) if (ids.has(m.id)) out.push({ in: "module", key: m.id, before: m, after: null });
  for (const f of flow.frames ?? []) if (ids.has(f.id)) out.push({ in: "frame", key: f.id, before: f, after: null });
  for (const n of flow.notes ?? []) if (ids.has(n.id)) out.push({ in: "note", key: n.id, before: n, after: null });
  return out;
}

export interface Place { x: number; y: number; w?: number; h?: number }

// place moves modules, frames and notes.
export function place(flow: Flow, to: Map<string, Place>): Change[] {
  const out: Change[] = [];
  for (const m of flow.modules) {
    const p = to.get(m.id);
    if (p && ((m.x ?? 0) !== p.x || (m.y ?? 0) !== p.y)) out.push(...change(flow, m.id, { x: p.x, y: p.y }));
  }
  for (const where of ["frame", "note"] as const)
    for (const item of (where === "frame" ? flow.frames : flow.notes) ?? []) {
      const p = to.get(item.id);
      if (!p) continue;
      const after = { ...item, x: p.x, y: p.y, w: p.w ?? item.w, h: p.h ?? item.h };
      if (after.x !== item.x || after.y !== item.y || after.w !== item.w || after.h !== item.h) out.push({ in: where, key: item.id, before: item, after });
    }
  return out;
}

export function toggleHangUp(flow: Flow, id: string, exit: string): Change[] {
  const m = moduleOf(flow, id);
  if (!m) return [];
  const had = m.hang_up_here ?? [];
  return change(flow, id, { hang_up_here: had.includes(exit) ? had.filter((e) => e !== exit) : [...had, exit] });
}

export const leastPaper = { w: 96, h: 64 };

export function newPaper(where: "frame" | "note", tab: string, p: Place): Change[] {
  const usual = where === "frame" ? { text: "Frame", w: 480, h: 320 } : { text: "", w: 192, h: 112 };
  const item: Paper = { id: newId(), tab, text: usual.text, x: snap(p.x), y: snap(p.y), w: Math.max(leastPaper.w, snap(p.w ?? usual.w)), h: Math.max(leastPaper.h, snap(p.h ?? usual.h)) };
  return [{ in: where, key: item.id, before: null, after: item }];
}

// paperName is what a frame or note is called: its first words.
export function paperName(flow: Flow, id: string): string | undefined {
  const note = flow.notes?.find((n) => n.id === id), frame = flow.frames?.find((f) => f.id === id), words = (note ?? frame)?.text.split("\n")[0]!.slice(0, 40);
  return words ? `“${words}”` : note ? "note" : frame ? "frame" : undefined;
}

export function editPaper(flow: Flow, where: "frame" | "note", id: string, edit: Partial<Paper>): Change[] {
  const before = itemOf(flow, where, id) as Paper | null;
  return before ? [{ in: where, key: id, before, after: { ...before, ...edit } }] : [];
}

export const saveTest = (flow: Flow, t: Test): Change[] => [{ in: "test", key: t.id, before: itemOf(flow, "test", t.id), after: t }];
export const dropTest = (flow: Flow, id: string): Change[] => [{ in: "test", key: id, before: itemOf(flow, "test", id), after: null }];
