// Tidy up: modules of one tab from left to right along their cables.
import dagre from "@dagrejs/dagre";
import type { Flow } from "../types";
import type { Place } from "./edit";
import { boxWidth, snap } from "./edit";
import { tabOf } from "./names";

export interface Size { w: number; h: number }

// layout answers where each module of the tab goes; the corner of the drawing
// stays where it was.
export function layout(flow: Flow, tab: string, size: (id: string) => Size): Map<string, Place> {
  const g = new dagre.graphlib.Graph({ multigraph: true });
  g.setGraph({ rankdir: "LR", nodesep: 40, ranksep: 104, marginx: 0, marginy: 0 });
  g.setDefaultEdgeLabel(() => ({}));
  const here = flow.modules.filter((m) => tabOf(flow, m) === tab);
  const sizes = new Map(here.map((m) => [m.id, size(m.id)]));
  for (const m of here) g.setNode(m.id, { width: sizes.get(m.id)!.w || boxWidth, height: sizes.get(m.id)!.h || 96 });
  for (const c of flow.cables) if (sizes.has(c.from) && sizes.has(c.to) && c.from !== c.to) g.setEdge(c.from, c.to, {}, c.exit);
  dagre.layout(g);
  const left = Math.min(...here.map((m) => m.x ?? 0)), top = Math.min(...here.map((m) => m.y ?? 0));
  const out = new Map<string, Place>();
  for (const m of here) {
    const p = g.node(m.id) as { x: number; y: number };
    const s = sizes.get(m.id)!;
    out.set(m.id, { x: snap(p.x - (s.w || boxWidth) / 2 + left), y: snap(p.y - (s.h || 96) / 2 + top) });
  }
  return out;
}
