// What can be done to a call that runs.
import type { Editor } from "./editor";
import { tabOf } from "../model/names";

// choose shows one call, wherever it is.
export function choose(editor: Editor, call: string | null): void {
  const at = editor.state.marks.find((m) => m.call === call), m = at && editor.module(at.module);
  editor.set({ call, selected: [], cables: [], exit: null, ...(m ? { tab: tabOf(editor.state.flow, m) } : {}) });
  if (m) requestAnimationFrame(() => editor.canvas?.show([m.id]));
  if (at) editor.say(`Call of ${at.caller || "a withheld number"}, at ${at.name}`);
}

export async function hangUp(editor: Editor, call: string, caller: string): Promise<void> {
  try {
    await editor.api.hangUp(call);
    editor.toast(`Hanging up on ${caller || "the caller"}`);
  } catch (e) { editor.toast((e as Error).message); }
}
