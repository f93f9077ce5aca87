// The flow as a tree for people who do not use the drawing: from each entry
// along the exits. A module shown before is a reference, so loops end.
import type { ExitsOf, Flow, Module } from "../types";
import type { KindOf } from "./refuse";

export interface Branch { exit: string; label: string; main: boolean; hangUp: boolean; leaf: Leaf | null }
export interface Leaf { module: Module; again: boolean; branches: Branch[] }

export function outline(flow: Flow, exits: ExitsOf, kinds: KindOf): { entries: Leaf[]; apart: Leaf[] } {
  const byId = new Map(flow.modules.map((m) => [m.id, m]));
  const to = new Map(flow.cables.map((c) => [c.from + " " + c.exit, c.to]));
  const seen = new Set<string>();
  const grow = (m: Module): Leaf => {
    if (seen.has(m.id)) return { module: m, again: true, branches: [] };
    seen.add(m.id);
    const branches = (exits[m.id] ?? []).map((e) => {
      const next = byId.get(to.get(m.id + " " + e.id) ?? "");
      return { exit: e.id, label: e.label, main: e.main, hangUp: m.hang_up_here?.includes(e.id) ?? false, leaf: next ? grow(next) : null };
    });
    return { module: m, again: false, branches };
  };
  const entries = flow.modules.filter((m) => kinds(m.kind)?.entry).map(grow);
  const apart: Leaf[] = [];
  for (const m of flow.modules) if (!seen.has(m.id)) apart.push(grow(m));
  return { entries, apart };
}

// depthFirst lists each module once, in the order a reader meets it.
export function depthFirst(leaves: Leaf[]): Module[] {
  return leaves.flatMap((l) => (l.again ? [] : [l.module, ...depthFirst(l.branches.flatMap((b) => (b.leaf ? [b.leaf] : [])))]));
}
