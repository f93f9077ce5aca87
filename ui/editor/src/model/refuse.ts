// Which cables and edits cannot be, and why, in words for whoever tries.
import type { Change, Flow, Kind, Module } from "../types";

export type KindOf = (kind: string) => Kind | undefined;

export function refusal(flow: Flow, kinds: KindOf, from: string, to: string): string | null {
  const source = flow.modules.find((m) => m.id === from), target = flow.modules.find((m) => m.id === to);
  if (!source || !target) return "That module is gone";
  const kind = kinds(target.kind);
  if (kind?.entry) return `${target.name} is where calls begin: it has no inlet`;
  if (from === to && !kind?.waits) return `${target.name} would call itself without ever waiting for the caller`;
  if (loops(flow, kinds, source, target)) return `This would go round from ${target.name} to ${source.name} without ever waiting for the caller`;
  return null;
}

// refusedEdit says why an edit cannot be: a flow has one Start, and the one that
// is published stays.
export function refusedEdit(flow: Flow, changes: Change[], stays: string[]): string | null {
  const starts = new Set(flow.modules.filter((m) => m.kind === "start").map((m) => m.id));
  for (const c of changes) {
    if (c.in !== "module") continue;
    const before = c.before as Module | null, after = c.after as Module | null;
    if (before && stays.includes(c.key) && (!after || after.shelved)) return `${before.name} stays: numbers may be bound to this flow, and their calls come in there`;
    if (!after) starts.delete(c.key);
    if (!before && after?.kind === "start" && starts.size) return "A flow has one Start";
    if (!before && after?.kind === "start") starts.add(c.key);
  }
  return null;
}

// loops tells whether a call could come from target back to source through
// modules of which none waits.
function loops(flow: Flow, kinds: KindOf, source: Module, target: Module): boolean {
  const waits = new Set(flow.modules.filter((m) => kinds(m.kind)?.waits).map((m) => m.id));
  if (waits.has(source.id) || waits.has(target.id)) return false;
  const seen = new Set([target.id]), queue = [target.id];
  for (const at of queue) {
    if (at === source.id) return true;
    for (const c of flow.cables) if (c.from === at && !waits.has(c.to) && !seen.has(c.to)) { seen.add(c.to); queue.push(c.to); }
  }
  return false;
}
