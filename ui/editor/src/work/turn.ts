// Turning a ring group into a queue: the server knows what becomes of it, and
// the canvas makes of that one step which can be taken back.
import type { Module } from "../types";
import type { Editor } from "./editor";
import { itemOf } from "../model/change";
import { same } from "../model/json";

export const turns = (m: Module | undefined): boolean => m?.kind === "ring-group";

export async function intoQueue(editor: Editor, id: string): Promise<void> {
  if (!editor.editable || !turns(editor.module(id))) return;
  if (!(await editor.typed.settle())) return editor.toast("What you typed is not saved yet. Try again in a moment");
  const { flow } = editor.state, m = editor.module(id);
  if (!m) return;
  const cables = flow.cables.filter((c) => c.from === id), tests = (flow.tests ?? []).filter((t) => t.want.some((s) => s.module === id));
  try {
    const { name, changes } = await editor.api.intoQueue({ module: m, cables, tests });
    const now = editor.state.flow, fit = changes.map((c) => ({ ...c, before: itemOf(now, c.in, c.key) }));
    if (!fit.every((c) => same(c.before, itemOf(flow, c.in, c.key)))) return editor.toast(`${m.name} was changed meanwhile. Try again`);
    if (!editor.commit(name, fit)) return;
    editor.toast(`Turned ${m.name} into a Queue`, true);
    if (editor.state.open === id) editor.set({ field: "members" });
  } catch (e) {
    editor.toast((e as Error).message);
  }
}
