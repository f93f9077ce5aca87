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

// tabOver is the tab that a pointer is over while it drags; a mouse tells what it
// is over, a finger is asked.
export function tabOver(editor: Editor, e: Event, at: { x: number; y: number }): string | undefined {
  if (!(e instanceof MouseEvent)) return tabUnder(editor, at.x, at.y);
  const tab = e.target instanceof Element ? e.target.closest("[data-tab]")?.getAttribute("data-tab") ?? undefined : undefined;
  return tab === editor.state.tab ? undefined : tab;
}

// tabUnder is another tab than the one that is shown.
export function tabUnder(editor: Editor, x: number, y: number): string | undefined {
  const tab = idUnder(x, y, "tab");
  return tab === editor.state.tab ? undefined : tab;
}

let lit: { what: string; id: string; el: Element | null } | null = null;

export function light(what: "cable" | "tab" | "module" | null, id?: string): void {
  if (what === lit?.what && id === lit?.id) return; // as with most moves of a hand
  lit?.el?.classList.remove("fe-target");
  lit = what === null || id === undefined ? null : { what, id, el: document.querySelector(`[data-${what}="${CSS.escape(id)}"]`) };
  lit?.el?.classList.add("fe-target");
}

// insertable is the cable under a point that a module could be put into: one
// that nothing is wired to yet.
export function insertable(editor: Editor, id: string, x: number, y: number): Cable | undefined {
  const { flow } = editor.state, m = editor.module(id);
  if (!m || editor.kind(m.kind)?.entry || flow.cables.some((c) => c.from === id || c.to === id)) return undefined;
  const key = cableUnder(x, y);
  return key === undefined ? undefined : flow.cables.find((c) => cableKey(c) === key);
}
