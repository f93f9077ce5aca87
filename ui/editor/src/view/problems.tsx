// What is wrong with the flow; every row leads to the place.
import { Icon } from "./icons";
import { Drawer } from "./drawer";
import { useEditor, useState$ } from "./use";
import type { Problem } from "../types";
import type { Editor } from "../work/editor";
import { change } from "../model/edit";
import { exitOf, partOf } from "../model/problems";
import { intoQueue, turns } from "../work/turn";

// A queue is what ends these.
const better = ["ring-many", "ring-several-external"];

// useProblems are those of the draft, and of what was typed and cannot be read.
export function useProblems(): Problem[] {
  const [unread, problems, modules] = useState$((s) => [s.unread, s.problems, s.flow.modules] as const);
  return unread.length ? [...unread.filter((p) => modules.some((m) => m.id === p.module)), ...problems] : problems;
}

export function Problems() {
  const problems = useProblems();
  return (
    <Drawer title="Problems">
      {problems.length === 0 ? <p className="fe-none">Nothing is wrong. This flow can be published.</p> : <ProblemList problems={problems} />}
    </Drawer>
  );
}

export function ProblemList({ problems, then }: { problems: Problem[]; then?: () => void }) {
  const editor = useEditor();
  return (
    <ul className="fe-problems">
      {problems.map((p, i) => (
        <li key={i}>
          <button type="button" data-problem={p.id} data-module-id={p.module} data-field={p.field} onClick={() => { then?.(); lead(editor, p); }}>
            <span className={"fe-level fe-" + p.level}><Icon name={p.level} /><span className="fe-unseen">{p.level}</span></span>
            <span className="fe-where" dir="auto">{p.module ? editor.nameOf(p.module) : "Flow"}</span>
            <span className="fe-what" dir="auto">{p.text.slice(0, 1).toUpperCase() + p.text.slice(1)}</span>
          </button>
          <Mend p={p} then={then} />
        </li>
      ))}
    </ul>
  );
}

// Mend does what ends a problem where one step does.
function Mend({ p, then }: { p: Problem; then?: (() => void) | undefined }) {
  const editor = useEditor(), m = editor.module(p.module ?? "");
  if (!editor.editable || !m) return null;
  if (better.includes(p.id) && turns(m)) return <button type="button" className="fe-button fe-mend" data-action="into-queue" onClick={() => { then?.(); void intoQueue(editor, m.id); }}>Turn into a Queue</button>;
  if (p.id === "unreachable") return <button type="button" className="fe-button fe-mend" data-action="shelve" onClick={() => editor.commit(`Shelve ${m.name}`, change(editor.state.flow, m.id, { shelved: true }))}>Shelve</button>;
  return null;
}

// lead goes where a problem can be mended.
export function lead(editor: Editor, p: Problem): void {
  if (p.module && editor.module(p.module)) {
    editor.openSettings(p.module, p.field ?? "");
    const exit = exitOf(p);
    if (exit !== null) editor.set({ exit });
    return;
  }
  const { flow } = editor.state, { list, at } = partOf(p);
  const focus = (selector: string) => requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
  const places: Record<string, () => void> = {
    name: () => focus(".fe-flow-name"),
    tabs: () => { const t = flow.tabs?.[at]; if (t) { editor.goTab(t.id); focus(`[data-tab="${CSS.escape(t.id)}"] > button`); } },
    frames: () => { const f = flow.frames?.[at]; if (f) editor.revealPaper(f.id); },
    notes: () => { const n = flow.notes?.[at]; if (n) editor.revealPaper(n.id); },
    tests: () => { editor.set({ drawer: "simulate" }); focus(`.fe-tests li:nth-child(${at + 1}) button`); },
  };
  if (p.id === "no-entry" && editor.editable) return editor.popup({ is: "add", at: null, screen: null, entries: true });
  places[list]?.();
}
