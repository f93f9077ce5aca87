// The saved test cases of a flow, which every publish runs.
import { useState } from "react";
import type { Test, TestResult } from "../types";
import { Icon } from "./icons";
import { Menu } from "./menu";
import { expecting } from "./simulate";
import { useEditor, useState$ } from "./use";
import { dropTest, saveTest } from "../model/edit";

export function Tests({ loaded, load, show }: { loaded: string; load(t: Test): void; show(r: TestResult): void }) {
  const editor = useEditor(), [tests, results] = useState$((s) => [s.flow.tests, s.results] as const);
  const [busy, setBusy] = useState(false), [naming, setNaming] = useState("");
  const run = async () => {
    setBusy(true);
    try {
      await editor.flushed();
      const got = await editor.api.runTests();
      editor.set({ results: got });
      const failed = got.filter((r) => !r.passed), n = got.length;
      editor.say(failed.length ? `${failed.length} of ${n} tests ${failed.length === 1 ? "fails" : "fail"}` : n === 1 ? "The test passes" : `All ${n} tests pass`);
      if (failed[0]) show(failed[0]);
    } catch (e) { editor.toast((e as Error).message); } finally { setBusy(false); }
  };
  const change = (t: Test, what: string, patch: Partial<Test>) => editor.commit(`${what} test ${t.name}`, saveTest(editor.state.flow, { ...t, ...patch }));
  const rename = (t: Test, name: string) => {
    setNaming("");
    if (name.trim() && name.trim() !== t.name) change(t, "Rename", { name: name.trim().slice(0, 60) });
  };
  const accept = (t: Test, r: TestResult) => {
    const { cause, ...was } = t;
    if (editor.commit(`Accept what test ${t.name} does now`, saveTest(editor.state.flow, { ...was, ...expecting(r.run) })))
      editor.set({ results: editor.state.results!.map((x) => (x.id === t.id ? { ...x, passed: true, text: "" } : x)) });
  };
  return (
    <section className="fe-tests" aria-label="Test cases">
      <header><h3>Test cases</h3>{!!tests?.length && <button type="button" className="fe-button" disabled={busy} data-action="run-tests" onClick={() => void run()}><Icon name="play" />Run all</button>}</header>
      {!tests?.length && <p className="fe-none">A run can be saved as a test. All tests run at every publish, and one that fails stops it.</p>}
      <ul>
        {(tests ?? []).map((t) => {
          const r = results?.find((x) => x.id === t.id);
          const items = [
            { text: "Load and run", hint: "into the form", act: () => load(t) },
            ...(r ? [{ text: "Show on the canvas", act: () => show(r) }] : []),
            ...(editor.editable ? [
              { text: "Rename…", act: () => setNaming(t.id) },
              ...(r && !r.passed ? [{ text: "Accept what happens now", act: () => accept(t, r) }] : []),
              { text: "Remove", act: () => { if (editor.commit(`Remove test ${t.name}`, dropTest(editor.state.flow, t.id))) editor.toast(`Removed test ${t.name}`, true); } },
            ] : []),
          ];
          return (
            <li key={t.id} data-test={t.id} className={[r && (r.passed ? "fe-good" : "fe-bad"), t.id === loaded && "fe-loaded"].filter(Boolean).join(" ")}>
              {naming === t.id
                ? <input className="fe-rename" defaultValue={t.name} maxLength={60} aria-label={`Name of test ${t.name}`} autoFocus onFocus={(e) => e.target.select()} onBlur={(e) => rename(t, e.target.value)}
                    onKeyDown={(e) => { e.stopPropagation(); if (e.key === "Enter") rename(t, e.currentTarget.value); if (e.key === "Escape") setNaming(""); }} />
                : <button type="button" className="fe-words fe-test" onClick={() => (r && !r.passed ? show(r) : load(t))}>
                    <span className="fe-name" dir="auto">{t.name}</span>
                    <span className="fe-sub" dir="auto">{r ? (r.passed ? "Passed" : "Fails at " + r.text) : t.want.map((s) => editor.nameOf(s.module)).join(" → ")}</span>
                  </button>}
              <Menu label={`Act on test ${t.name}`} icon="more" items={() => items} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
