// What is wrong with the flow; every row leads to the place.
import { Icon } from "./icons";
import { Drawer } from "./drawer";
import { useEditor, useState$ } from "./use";
import type { Problem } from "../types";
import { intoQueue, turns } from "../work/turn";

// A queue is what ends these.
const better = ["ring-many", "ring-several-external"];

export function Problems() {
  const problems = useState$((s) => s.problems);
  return (
    <Drawer title="Problems">
      {problems.length === 0 ? <p className="fe-none">Nothing is wrong. This flow can be published.</p> : <ProblemList problems={problems} />}
    </Drawer>
  );
}

export function ProblemList({ problems, then }: { problems: Problem[]; then?: () => void }) {
  const editor = useEditor();
  const go = (p: Problem) => {
    then?.();
    if (!p.module) return;
    const exit = p.field?.startsWith("exits.") ? p.field.slice(6) : null;
    editor.openSettings(p.module, exit === null ? p.field ?? null : null);
    if (exit !== null) { editor.set({ exit }); editor.canvas?.focus(); }
  };
  return (
    <ul className="fe-problems">
      {problems.map((p, i) => (
        <li key={i}>
          <button type="button" data-problem={p.id} data-module-id={p.module} onClick={() => go(p)}>
            <span className={"fe-level fe-" + p.level}><Icon name={p.level} /><span className="fe-unseen">{p.level}</span></span>
            <span className="fe-where" dir="auto">{p.module ? editor.nameOf(p.module) : "Flow"}</span>
            <span className="fe-what" dir="auto">{p.text.slice(0, 1).toUpperCase() + p.text.slice(1)}</span>
          </button>
          {editor.editable && better.includes(p.id) && turns(editor.module(p.module ?? "")) && (
            <button type="button" className="fe-button fe-mend" data-action="into-queue" onClick={() => { then?.(); void intoQueue(editor, p.module!); }}>Turn into a Queue</button>
          )}
        </li>
      ))}
    </ul>
  );
}
