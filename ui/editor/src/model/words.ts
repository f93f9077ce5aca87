// Changes in words, and differences of two versions for drawing.
import type { Comparison, Flow, Module } from "../types";
import { apply, diff } from "./change";
import { same } from "./json";

// Fields that move a box and change no call.
const places = new Set(["x", "y", "tab"]);

// fieldsOf names what differs between two states of a module.
export function fieldsOf(before: Module, after: Module): string[] {
  const out: string[] = [];
  for (const f of ["name", "note", "shelved", "hang_up_here", "x", "y", "tab"] as const) if (!same(before[f], after[f])) out.push(f);
  const a = (before.settings ?? {}) as Record<string, unknown>, b = (after.settings ?? {}) as Record<string, unknown>;
  for (const f of new Set([...Object.keys(a), ...Object.keys(b)])) if (!same(a[f], b[f])) out.push(f);
  return out;
}

// inWords is one line for each change that a caller or a colleague would notice.
export function inWords(c: Comparison, nameOf: (module: string) => string): string[] {
  const out: string[] = [];
  if (c.name) out.push(`The flow is called ${c.name.after}`);
  for (const m of c.modules) {
    if (m.what === "added") out.push(`Added ${m.name}`);
    if (m.what === "removed") out.push(`Removed ${m.name}`);
    for (const f of m.told ?? []) out.push(`${m.name}: ${f.name}, ${f.before || "nothing"} → ${f.after || "nothing"}`);
  }
  const gone = new Set(c.modules.filter((m) => m.what === "removed").map((m) => m.id));
  const leads = new Set(c.cables.filter((k) => k.what === "added").map((k) => k.from + " " + k.exit));
  for (const k of c.cables) {
    const from = `${nameOf(k.from)}, exit ${k.exit}`;
    if (k.what === "added") out.push(`${from} → ${nameOf(k.to)}`);
    else if (!gone.has(k.from) && !leads.has(k.from + " " + k.exit)) out.push(`${from} leads nowhere`);
  }
  for (const p of c.parts ?? []) out.push(`${p.what[0]!.toUpperCase()}${p.what.slice(1)} the ${p.kind}${p.name ? ` “${clipped(p.name)}”` : ""}`);
  return out;
}

// clipped is the beginning of a long text, for a line of a list.
const clipped = (text: string): string => (text.length > 40 ? text.slice(0, 40).trimEnd() + "…" : text);

export type Differences = Record<string, { is: "added" | "removed" | "changed"; fields: string[] }>;

// compare joins two versions into one drawing: what was removed stays, marked.
export function compare(a: Flow, b: Flow): { flow: Flow; differences: Differences } {
  const changes = diff(a, b), differences: Differences = {};
  for (const c of changes) {
    if (c.in !== "module" && c.in !== "cable") continue;
    const fields = c.in === "module" && c.before && c.after ? fieldsOf(c.before as Module, c.after as Module).filter((f) => !places.has(f)) : [];
    if (c.in === "module" && c.before && c.after && !fields.length) continue; // only moved
    differences[c.key] = { is: !c.before ? "added" : !c.after ? "removed" : "changed", fields };
  }
  const back = changes.filter((c) => !c.after && (c.in === "module" || c.in === "cable")).map((c) => ({ ...c, before: null, after: c.before }));
  return { flow: apply(b, back), differences };
}
