// What lies under the hand of whoever drags, and the light on it that says
// "here it would go". One thing at a time is lit.
import { cableKey } from "../model/change";
import type { Cable } from "../types";
import type { Editor } from "../work/editor";

const under = (x: number, y: number, selector: string): Element | undefined => document.elementsFromPoint(x, y).map((e) => e.closest(selector)).find((e): e is Element => e !== null);
const idUnder = (x: number, y: number, name: string): string | undefined => under(x, y, `[data-${name}]`)?.getAttribute("data-" + name) ?? undefined;

export const moduleAt = (x: number, y: number): string | undefined => idUnder(x, y, "module");
export const cableUnder = (x: number, y: number): string | undefined => idUnder(x, y, "cable");
export const overCanvas = (x: number, y: number): boolean => document.elementFromPoint(x, y)?.closest(".react-flow__pane") != null;

// tabUnder is another tab than the one that is shown.
export function tabUnder(editor: Editor, x: number, y: number): string | undefined {
  const tab = idUnder(x, y, "tab");
  return tab === editor.state.tab ? undefined : tab;
}

export function light(what: "cable" | "tab" | "module" | null, id?: string): void {
  const now = what === null || id === undefined ? null : document.querySelector(`[data-${what}="${CSS.escape(id)}"]`);
  for (const was of document.querySelectorAll("flow-editor .fe-target")) if (was !== now) was.classList.remove("fe-target");
  now?.classList.add("fe-target");
}

// insertable is the cable under a point that a module could be put into: one
// that nothing is wired to yet.
export function insertable(editor: Editor, id: string, x: number, y: number): Cable | undefined {
  const { flow } = editor.state, m = editor.module(id);
  if (!m || editor.kind(m.kind)?.entry || flow.cables.some((c) => c.from === id || c.to === id)) return undefined;
  const key = cableUnder(x, y);
  return key === undefined ? undefined : flow.cables.find((c) => cableKey(c) === key);
}
