// What React Flow is given to draw: the active tab's items as its nodes and
// cables as its edges. Objects are kept as long as what they show is the same,
// so that an edit of one module draws one module.
import type { Edge, Node } from "@xyflow/react";
import type { Cable, ExitSpec, Mark, Module, Paper, Problem } from "../types";
import type { Editor } from "../work/editor";
import { lineOf, type State } from "../work/state";
import { cableKey } from "../model/change";
import { tabOf, tabsOf } from "../model/names";

export interface Portal { exit: string; module: string; name: string; tab: string }
export interface Taken { order: number[]; exits: string[]; now: boolean }

export type ModuleData = {
  module: Module; title: string; family: string; entry: boolean; exits: ExitSpec[]; cabled: string; subtitle: string;
  errors: number; warnings: number; issue: string; exit: string | null; alone: boolean; outs: string; ins: string; editable: boolean;
  order: string; taken: string; now: boolean; dim: boolean; calls: number; difference: string; fields: string;
};
export type PaperData = { paper: Paper; editable: boolean };
export type CableData = { label: string; tone: string; optional: boolean; lit: boolean; dim: boolean; difference: string };

export type Box = Node<ModuleData, "module"> | Node<PaperData, "frame"> | Node<PaperData, "note">;
export type Line = Edge<CableData, "cable">;

export const moduleDomId = (id: string): string => "fe-module-" + id;

const shallow = (a: Record<string, unknown>, b: Record<string, unknown>): boolean => {
  const keys = Object.keys(b);
  return Object.keys(a).length === keys.length && keys.every((k) => Object.is(a[k], b[k]));
};

// boxes fits what is drawn to the state.
export function boxes(editor: Editor, drawn: Box[]): Box[] {
  const s = editor.state, old = new Map(drawn.map((b) => [b.id, b]));
  const facts = gather(editor, s);
  const selected = new Set(s.selected), alone = s.selected.length === 1;
  const out: Box[] = [];
  for (const where of ["frame", "note"] as const)
    for (const paper of (where === "frame" ? s.flow.frames : s.flow.notes) ?? []) {
      if (tabOf(s.flow, paper) !== s.tab) continue;
      const size = { width: paper.w, height: paper.h };
      out.push(keep(old.get(paper.id), {
        id: paper.id, type: where, position: { x: paper.x, y: paper.y }, data: { paper, editable: editor.editable }, selected: selected.has(paper.id), ...size,
        zIndex: where === "frame" ? -1 : 0, draggable: editor.editable, ariaRole: "group", ariaLabel: `${where === "frame" ? "Frame" : "Note"} ${paper.text}`, domAttributes: { "aria-roledescription": where },
      } as Box));
    }
  for (const m of s.flow.modules) {
    if (tabOf(s.flow, m) !== s.tab) continue;
    const data = dataOf(editor, s, m, facts, alone && selected.has(m.id));
    out.push(keep(old.get(m.id), {
      id: m.id, type: "module", position: { x: m.x ?? 0, y: m.y ?? 0 }, data, selected: selected.has(m.id), draggable: editor.editable, connectable: editor.editable,
      zIndex: selected.has(m.id) ? 2 : 1, ariaRole: "group", ariaLabel: described(data), domAttributes: { id: moduleDomId(m.id), "aria-roledescription": "module" },
    } as Box));
  }
  return out;
}

function keep(old: Box | undefined, now: Box): Box {
  if (!old || old.type !== now.type) return now;
  const data = shallow(old.data as Record<string, unknown>, now.data as Record<string, unknown>) ? old.data : now.data;
  const position = old.dragging || (old.position.x === now.position.x && old.position.y === now.position.y) ? old.position : now.position;
  const sized = old.type === "module" || old.resizing || (old.width === now.width && old.height === now.height);
  if (data === old.data && position === old.position && sized && old.selected === now.selected && old.draggable === now.draggable && old.zIndex === now.zIndex) return old;
  return { ...old, ...now, data, position, measured: sized ? old.measured : undefined, dragging: old.dragging } as Box;
}

interface Facts {
  cabled: Map<string, string[]>; outs: Map<string, Portal[]>; ins: Map<string, Portal[]>; problems: Map<string, Problem[]>;
  taken: Map<string, Taken>; calls: Map<string, number>;
}

function gather(editor: Editor, s: State): Facts {
  const byId = new Map(s.flow.modules.map((m) => [m.id, m]));
  const facts: Facts = { cabled: new Map(), outs: new Map(), ins: new Map(), problems: new Map(), taken: new Map(), calls: new Map() };
  const push = <T>(map: Map<string, T[]>, key: string, value: T) => { const l = map.get(key); if (l) l.push(value); else map.set(key, [value]); };
  const tabName = (id: string) => tabsOf(s.flow).find((t) => t.id === id)?.name ?? "";
  for (const c of s.flow.cables) {
    push(facts.cabled, c.from, c.exit);
    const from = byId.get(c.from), to = byId.get(c.to);
    if (!from || !to) continue;
    const a = tabOf(s.flow, from), b = tabOf(s.flow, to);
    if (a === b) continue;
    push(facts.outs, c.from, { exit: c.exit, module: to.id, name: to.name, tab: tabName(b) });
    push(facts.ins, c.to, { exit: c.exit, module: from.id, name: from.name, tab: tabName(a) });
  }
  for (const p of s.problems) if (p.module) push(facts.problems, p.module, p);
  const path = s.shown?.path.slice(0, s.shown.upTo) ?? [];
  path.forEach((e, i) => {
    const t = facts.taken.get(e.module) ?? { order: [], exits: [], now: false };
    t.order.push(s.shown!.steps?.[i] ?? i + 1);
    if (e.exit && (i < path.length - 1 || s.shown!.upTo >= s.shown!.path.length)) t.exits.push(e.exit);
    t.now = i === path.length - 1;
    facts.taken.set(e.module, t);
  });
  for (const mark of s.marks) facts.calls.set(mark.module, (facts.calls.get(mark.module) ?? 0) + 1);
  return facts;
}

function dataOf(editor: Editor, s: State, m: Module, facts: Facts, alone: boolean): ModuleData {
  const kind = editor.kind(m.kind);
  const cabled = facts.cabled.get(m.id) ?? [];
  const problems = facts.problems.get(m.id) ?? [];
  const taken = facts.taken.get(m.id);
  const difference = s.differences[m.id];
  return {
    module: m, title: kind?.title ?? m.kind, family: kind?.family ?? "", entry: kind?.entry ?? false, exits: s.exits[m.id] ?? kind?.exits ?? none,
    cabled: cabled.join("\n"), subtitle: lineOf(s, m.id), errors: problems.filter((p) => p.level === "error").length,
    warnings: problems.filter((p) => p.level === "warning").length, issue: problems.map((p) => p.text).join("\n"),
    exit: alone ? s.exit : null, alone, outs: pack(facts.outs.get(m.id)), ins: pack(facts.ins.get(m.id)), editable: editor.editable,
    order: taken ? visits(taken.order) : "", taken: taken?.exits.join("\n") ?? "", now: taken?.now ?? false, dim: s.shown !== null && !taken,
    calls: facts.calls.get(m.id) ?? 0, difference: difference?.is ?? "", fields: difference?.fields.join(", ") ?? "",
  };
}

// visits are the steps at which a call came to a module, as many as have room.
const visits = (steps: number[]): string => (steps.length > 4 ? `${steps[0]}, ${steps[1]} … ${steps.at(-1)} (${steps.length}×)` : steps.join(", "));

const none: ExitSpec[] = [];
// Packed into text, so that equal lists are equal values.
const pack = (p: Portal[] | undefined): string => (p ? JSON.stringify(p) : "");
export const unpack = (text: string): Portal[] => (text ? (JSON.parse(text) as Portal[]) : []);

function described(d: ModuleData): string {
  const parts = [d.module.name, d.title];
  if (d.subtitle) parts.push(d.subtitle);
  if (d.errors) parts.push(`${d.errors} ${d.errors === 1 ? "error" : "errors"}`);
  if (d.warnings) parts.push(`${d.warnings} ${d.warnings === 1 ? "warning" : "warnings"}`);
  if (d.module.shelved) parts.push("shelved");
  if (d.order) parts.push(`step ${d.order}`);
  return parts.join(", ");
}

// lines fits the drawn cables to the state.
export function lines(editor: Editor, drawn: Line[]): Line[] {
  const s = editor.state, old = new Map(drawn.map((l) => [l.id, l]));
  const byId = new Map(s.flow.modules.map((m) => [m.id, m]));
  const selected = new Set(s.cables), near = new Set(s.selected);
  const lit = new Set<string>();
  const path = s.shown?.path ?? [];
  for (let i = 0; i + 1 < Math.min(path.length, s.shown?.upTo ?? 0); i++) for (const e of exitsTo(s, path[i]!.module, path[i]!.exit ?? "")) lit.add(e);
  const out: Line[] = [];
  for (const c of s.flow.cables) {
    const from = byId.get(c.from), to = byId.get(c.to);
    if (!from || !to || tabOf(s.flow, from) !== s.tab || tabOf(s.flow, to) !== s.tab) continue;
    const key = cableKey(c), spec = (s.exits[c.from] ?? editor.kind(from.kind)?.exits ?? none).find((e) => e.id === c.exit);
    const data: CableData = {
      label: spec?.label ?? c.exit, tone: toneOf(c.exit, spec), optional: spec ? !spec.main : true, lit: lit.has(key),
      dim: (s.shown !== null && !lit.has(key)) || from.shelved === true || to.shelved === true, difference: s.differences[key]?.is ?? "",
    };
    out.push(keepLine(old.get(key), c, {
      id: key, type: "cable", source: c.from, target: c.to, sourceHandle: c.exit, targetHandle: "in", data, selected: selected.has(key), reconnectable: editor.editable,
      zIndex: selected.has(key) || near.has(c.from) || near.has(c.to) ? 1 : 0, ariaLabel: `Cable from ${from.name}, exit ${data.label}, to ${to.name}`, domAttributes: { "aria-roledescription": "cable" },
    } as Line));
  }
  return out;
}

// exitsTo is the cable that an exit's call went by: its own, or that of the
// exit it falls back to.
function exitsTo(s: State, module: string, exit: string): string[] {
  const specs = s.exits[module] ?? none;
  for (let e: string | undefined = exit, n = 0; e && n < 5; n++) {
    const key = cableKey({ from: module, exit: e });
    if (s.flow.cables.some((c) => cableKey(c) === key)) return [key];
    e = specs.find((x) => x.id === e)?.fallback;
  }
  return [];
}

function keepLine(old: Line | undefined, c: Cable, now: Line): Line {
  if (!old || old.target !== c.to) return now;
  const data = shallow(old.data as Record<string, unknown>, now.data as Record<string, unknown>) ? old.data : now.data;
  if (data === old.data && old.selected === now.selected && old.zIndex === now.zIndex && old.reconnectable === now.reconnectable && old.ariaLabel === now.ariaLabel) return old;
  return { ...old, ...now, data };
}

// cameBy is the cable by which a running call came to where it is, if any.
export function cameBy(s: State, m: Mark): string | undefined {
  if (!m.from || !m.exit) return undefined;
  return exitsTo(s, m.from, m.exit).find((key) => s.flow.cables.some((c) => c.to === m.module && cableKey(c) === key));
}

// toneOf colours an exit: as its kind says, and faults of our own red.
export function toneOf(exit: string, spec: ExitSpec | undefined): string {
  if (!spec) return "broken";
  return spec.tone || (exit === "error" ? "bad" : "");
}
