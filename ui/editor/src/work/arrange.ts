// Edits of several items at once: to another tab, into order, onto the
// clipboard and back.
import { copy, paste } from "../model/clipboard";
import * as edit from "../model/edit";
import { around } from "../model/frames";
import { toTab } from "../model/tabs";
import type * as Tidy from "../model/layout";
import { tabsOf } from "../model/names";
import type { Editor } from "./editor";
import type { Point } from "./state";

export function moveToTab(editor: Editor, ids: string[], tab: string): void {
  const name = ids.length === 1 ? editor.nameOf(ids[0]!) : `${ids.length} items`;
  const title = tabsOf(editor.state.flow).find((t) => t.id === tab)?.name ?? "";
  if (!editor.commit(`Move ${name} to ${title}`, toTab(editor.state.flow, new Set(ids), tab))) return;
  editor.set({ tab });
  editor.select(ids);
  requestAnimationFrame(() => editor.canvas?.show(ids));
  editor.say(`Moved ${name} to ${title}`);
}

// tidyUp fetches what it takes: a tenth of the editor, that few ever use.
export async function tidyUp(editor: Editor): Promise<void> {
  let tidy: typeof Tidy;
  try { tidy = (await import(editor.tidy)) as typeof Tidy; } catch { return editor.toast("The server cannot be reached"); }
  const { flow, tab } = editor.state;
  const to = tidy.layout(flow, tab, (id) => editor.canvas?.size(id) ?? { w: 0, h: 0 });
  if (editor.commit("Tidy up", edit.place(flow, to))) requestAnimationFrame(() => editor.canvas?.fit());
  else editor.say("Already tidy");
}

// align puts the selected modules on one line.
export function align(editor: Editor, axis: "x" | "y"): void {
  const { flow, selected } = editor.state;
  const ms = flow.modules.filter((m) => selected.includes(m.id));
  const least = Math.min(...ms.map((m) => m[axis] ?? 0));
  editor.commit(axis === "x" ? "Align left" : "Align top", edit.place(flow, new Map(ms.map((m) => [m.id, { x: m.x ?? 0, y: m.y ?? 0, [axis]: least }]))));
}

export function copySelected(editor: Editor): string | null {
  const { flow, selected } = editor.state;
  if (!selected.length) return null;
  editor.pasted = 0;
  editor.say(`Copied ${selected.length} ${selected.length === 1 ? "item" : "items"}`);
  return copy(flow, new Set(selected));
}

export function pasteText(editor: Editor, text: string, at?: Point): void {
  const { flow, tab } = editor.state;
  const p = at ?? editor.canvas?.hand() ?? editor.canvas?.centre() ?? { x: 0, y: 0 };
  const off = at ? 0 : 32 * editor.pasted++;
  const got = paste(flow, editor.kind, text, flow.tabs?.length ? tab : "", { x: p.x + off, y: p.y + off });
  if (!got) return editor.toast("The clipboard holds no modules of a flow");
  if (!got.changes.length) return editor.toast(got.unknown ? "The copied modules are of kinds that are not known here" : "Nothing to paste");
  editor.commit(got.ids.length === 1 ? "Paste one module" : `Paste ${got.ids.length} items`, got.changes);
  editor.select(got.ids);
  editor.say(`Pasted ${got.ids.length} items`);
  if (got.unknown) editor.toast(`${got.unknown} modules of unknown kinds were left out`);
}

export function duplicate(editor: Editor): void {
  const { flow, selected } = editor.state;
  const first = flow.modules.find((m) => selected.includes(m.id)) ?? [...(flow.notes ?? []), ...(flow.frames ?? [])].find((m) => selected.includes(m.id));
  const text = copySelected(editor);
  if (text && first) pasteText(editor, text, { x: (first.x ?? 0) + 32, y: (first.y ?? 0) + 32 });
}

// putPaper puts a frame or note down, ready to be written. A frame without a
// place of its own goes around what is selected.
export function putPaper(editor: Editor, where: "frame" | "note", at?: edit.Place): void {
  const { flow, tab, selected } = editor.state;
  const p = at ?? (where === "frame" ? around(flow, new Set(selected), editor.size) : null) ?? editor.canvas?.centre() ?? { x: 0, y: 0 };
  const changes = edit.newPaper(where, flow.tabs?.length ? tab : "", p), id = changes[0]!.key;
  if (!editor.commit(`Add ${where}`, changes)) return;
  editor.select([id]);
  editor.set({ writing: id, drawing: false });
  requestAnimationFrame(() => editor.canvas?.show([id]));
}

// frame goes around what is selected; without that, the next drag draws it.
export function frame(editor: Editor): void {
  if (!editor.editable) return;
  if (editor.state.selected.length) return putPaper(editor, "frame");
  editor.set({ drawing: true });
  editor.say("Drag where the frame goes; Escape lets it be");
}

// copyByHand copies without the keys: the browser asks for what is selected, as
// it does for them.
export function copyByHand(editor: Editor): void {
  editor.canvas?.focus();
  if (!document.execCommand("copy")) editor.toast("The browser does not let us copy. Press Ctrl C");
}

// pasteByHand reads the clipboard, where the browser allows that without keys.
export async function pasteByHand(editor: Editor, at: Point): Promise<void> {
  try { pasteText(editor, await navigator.clipboard.readText(), at); } catch { editor.toast("The browser does not let us read the clipboard. Press Ctrl V"); }
}
