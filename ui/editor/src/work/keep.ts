// What is not saved when the page goes away is kept by the browser for this
// tab, and put in again when the flow is opened: a reload loses nothing.
import type { Draft, Flow } from "../types";
import type { Editor } from "./editor";
import type { Words } from "./typed";

interface Kept { base: Flow; revision: number; flow: Flow; typed: [string, Words][] }

const place = (flow: string): string => "tandem.unsaved." + flow;

// keep listens for the page to go; it answers with what ends that.
export function keep(editor: Editor): () => void {
  const write = () => {
    const { saver, typed, state } = editor;
    if (state.status !== "ready" || (saver.idle && !typed.waiting.length)) return;
    const kept: Kept = { base: saver.server, revision: saver.revision, flow: state.flow, typed: typed.waiting };
    try { sessionStorage.setItem(place(state.flow.id), JSON.stringify(kept)); } catch { /* it is too large, or the browser keeps nothing */ }
  };
  addEventListener("pagehide", write);
  return () => removeEventListener("pagehide", write);
}

// restore joins what was kept with the draft as it is now, as it would have been
// joined had the page stayed.
export function restore(editor: Editor, draft: Draft): void {
  const text = sessionStorage.getItem(place(draft.flow.id));
  if (!text || !editor.editable) return;
  sessionStorage.removeItem(place(draft.flow.id));
  const kept = JSON.parse(text) as Kept;
  editor.set({ flow: kept.flow });
  editor.join(kept.base, draft);
  for (const [id, { kind, base, body }] of kept.typed) editor.typed.type(id, kind, base, body, 0);
  editor.toast("What was not saved before is back");
}
