// Where a module goes that was not put anywhere by hand.
import type { Cable } from "../types";
import type { Editor } from "./editor";
import type { ExitAt, Point } from "./state";
import { boxWidth } from "../model/edit";
import { tabOf } from "../model/names";

// freePlace is to the right of where the cable comes from, below what is
// there; in a cable it is before the next module, which makes room.
export function freePlace(editor: Editor, from?: ExitAt, cable?: Cable): Point {
  const { flow, tab } = editor.state;
  const onTab = (id: string | undefined) => { const m = id === undefined ? undefined : editor.module(id); return m && tabOf(flow, m) === tab ? { x: m.x ?? 0, y: m.y ?? 0 } : undefined; };
  const source = onTab(from?.module ?? cable?.from), next = onTab(cable?.to);
  if (source && next && next.x > source.x) return { x: source.x + boxWidth + 64, y: next.y };
  const p = source ? { x: source.x + boxWidth + 96, y: source.y } : editor.canvas?.centre() ?? { x: 0, y: 0 };
  const taken = (q: Point) => flow.modules.some((m) => tabOf(flow, m) === tab && Math.abs((m.x ?? 0) - q.x) < boxWidth && Math.abs((m.y ?? 0) - q.y) < 112);
  while (taken(p)) p.y += 128;
  return p;
}
