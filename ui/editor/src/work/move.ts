// Moving and sizing by keys: the arrows carry what is selected until Enter,
// and Escape puts it back.
import type { Editor } from "./editor";
import { place, leastPaper, type Place } from "../model/edit";
import { carried } from "../model/frames";

export function startMove(ed: Editor): void {
  if (!ed.editable || !ed.state.selected.length) return ed.say("Choose a module first");
  ed.moveBegan = ed.history.past.length;
  ed.set({ moving: true });
  ed.say("Moving: arrows move, with Shift further, with Control they size a frame or note; T takes it to another tab; Enter is done, Escape puts it back");
}

const ways: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const ends: Record<string, (ed: Editor) => void> = {
  enter: (ed) => done(ed), m: (ed) => done(ed),
  escape: (ed) => { const { selected } = ed.state; while (ed.history.past.length > ed.moveBegan) ed.undo(); ed.select(selected); ed.say("Put back"); },
  t: (ed) => { ed.set({ moving: false }); ed.popup({ is: "tab", ids: [...ed.carried(ed.state.selected)] }); },
};

function done(ed: Editor): void { ed.set({ moving: false }); ed.say("Moved"); }

export function moveBy(ed: Editor, e: KeyboardEvent): boolean {
  const end = ends[e.key.toLowerCase()], way = ways[e.key];
  if (end) { end(ed); return true; }
  if (!way) return false;
  const { flow, selected } = ed.state, step = e.shiftKey ? 64 : 16, size = e.ctrlKey || e.metaKey, to = new Map<string, Place>();
  const ids = size ? new Set(selected) : carried(flow, selected, ed.size);
  for (const p of [...(flow.frames ?? []), ...(flow.notes ?? [])])
    if (size && ids.has(p.id)) to.set(p.id, { x: p.x, y: p.y, w: Math.max(leastPaper.w, p.w + way[0] * step), h: Math.max(leastPaper.h, p.h + way[1] * step) });
  for (const i of [...flow.modules, ...(flow.frames ?? []), ...(flow.notes ?? [])])
    if (!size && ids.has(i.id)) to.set(i.id, { x: (i.x ?? 0) + way[0] * step, y: (i.y ?? 0) + way[1] * step });
  const name = selected.length === 1 ? ed.nameOf(selected[0]!) : `${selected.length} items`;
  if (ed.commit(`${size ? "Resize" : "Move"} ${name}`, place(flow, to), `${size ? "size" : "move"} ${ed.moveBegan} ${selected.join()}`)) requestAnimationFrame(() => ed.canvas?.show(selected));
  return true;
}
