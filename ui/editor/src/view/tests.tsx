// The saved test cases of a flow, which every publish runs.
import { useState } from "react";
import type { Run } from "../types";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { dropTest } from "../model/edit";

export function Tests({ show }: { show(r: Run): void }) {
  const editor = useEditor(), [tests, results] = useState$((s) => [s.flow.tests, s.results] as const);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await editor.flushed();
      const got = await editor.api.runTests();
      editor.set({ results: got });
      const failed = got.filter((r) => !r.passed).length;
      editor.say(failed ? `${failed} of ${got.length} tests fail` : `All ${got.length} tests pass`);
    } catch (e) { editor.toast((e as Error).message); } finally { setBusy(false); }
  };
  return (
    <section className="fe-tests" aria-label="Test cases">
      <header><h3>Test cases</h3>{!!tests?.length && <button type="button" className="fe-button" disabled={busy} data-action="run-tests" onClick={() => void run()}><Icon name="play" />Run all</button>}</header>
      {!tests?.length && <p className="fe-none">A run can be saved as a test. All tests run at every publish.</p>}
      <ul>
        {(tests ?? []).map((t) => {
          const r = results?.find((x) => x.id === t.id);
          return (
            <li key={t.id} className={r ? (r.passed ? "fe-good" : "fe-bad") : ""}>
              <span className="fe-words"><span className="fe-name" dir="auto">{t.name}</span><span className="fe-sub" dir="auto">{r ? (r.passed ? "Passed" : r.text) : `${t.want.length} modules`}</span></span>
              {r && <button type="button" className="fe-link" onClick={() => show(r.run)}>Show</button>}
              {editor.editable && <button type="button" className="fe-button fe-square" aria-label={`Remove test ${t.name}`} onClick={() => editor.commit(`Remove test ${t.name}`, dropTest(editor.state.flow, t.id))}><Icon name="trash" /></button>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
