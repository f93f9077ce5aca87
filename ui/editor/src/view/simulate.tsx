// A call imagined: who calls when, keys what, and what the phones do. The
// server's own walker answers; the path lights up on the canvas.
import { useEffect, useState } from "react";
import type { Run, Scene, Test, TestResult } from "../types";
import { Drawer } from "./drawer";
import { Icon } from "./icons";
import { ScenarioForm } from "./scenario";
import { Tests } from "./tests";
import { useEditor, useState$ } from "./use";
import { saveTest } from "../model/edit";
import { clock, localIn, seconds } from "../model/moments";
import { newId } from "../model/names";
import { emptyForm, formOf, scenarioOf, type Form } from "../model/scenario";
import type { Editor } from "../work/editor";

interface Kept { form: Form; test: string } // as typed, and the saved test that it came from
const kept = new WeakMap<Editor, Kept>(); // as long as the editor is open

const nothing: Scene = { entries: [], phones: [], others: false, queues: [], routers: [], servers: [], zone: "UTC" };
const home = Intl.DateTimeFormat().resolvedOptions().timeZone;
const now = (zone: string) => localIn(new Date().toISOString(), zone).slice(0, 16);

export function Simulate() {
  const editor = useEditor(), [flow, shown, saved, changed] = useState$((s) => [s.flow, s.shown, s.save.state === "saved", s.changed] as const);
  const [scene, setScene] = useState<Scene | null>(null);
  const [it, setIt] = useState<Kept>(() => kept.get(editor) ?? { form: emptyForm(now(home), home), test: "" });
  const [busy, setBusy] = useState(false), [wrong, setWrong] = useState(""), [ran, setRan] = useState(flow);
  const keep = (patch: Partial<Kept>) => setIt((was) => { const to = { ...was, ...patch }; kept.set(editor, to); return to; });
  const set = (patch: Partial<Form>) => setIt((was) => { const to = { ...was, form: { ...was.form, ...patch } }; kept.set(editor, to); return to; });
  const d = it.form, here = scene ?? nothing;
  const entry = here.entries.some((e) => e.id === d.entry) ? d.entry : here.entries[0]?.id ?? "";
  const numbers = here.entries.find((e) => e.id === entry)?.numbers;
  const called = numbers ? (numbers.includes(d.called) ? d.called : numbers[0] ?? "") : "";
  const run = shown?.source === "simulate" ? shown.run : undefined;
  const test = flow.tests?.find((t) => t.id === it.test);

  useEffect(() => {
    if (!saved) return;
    let gone = false;
    editor.api.scene().then((s) => {
      if (gone) return;
      setScene(s);
      if (!kept.has(editor)) set({ zone: s.zone, at: now(s.zone) }); // office hours are in the office's zone
    }, (e: Error) => setWrong(e.message));
    return () => { gone = true; };
  }, [saved, changed, editor]);

  const start = async (upTo: number, form = d) => {
    setBusy(true);
    setWrong("");
    try {
      if (!(await editor.flushed())) throw new Error("The draft is not saved yet");
      const got = await editor.api.simulate(scenarioOf(form, form === d ? entry : form.entry, form === d ? called : form.called));
      setRan(editor.state.flow);
      show(got, upTo || (got.path ?? []).length);
      editor.say(`The call ended: ${ended(got)}`);
      editor.canvas?.fit();
    } catch (e) { setWrong((e as Error).message); } finally { setBusy(false); }
  };
  const show = (r: Run, upTo: number) => editor.set({ shown: { path: r.path ?? [], upTo, run: r, source: "simulate" } });
  const step = () => {
    if (!run || shown!.upTo >= shown!.path.length) return void start(1);
    const upTo = shown!.upTo + 1, at = shown!.path[upTo - 1]!;
    editor.set({ shown: { ...shown!, upTo } });
    editor.canvas?.show([at.module]);
    editor.say(`${at.name}${at.exit ? `, left by ${editor.label(at.module, at.exit)}` : ""}. ${at.reason?.text ?? ""}`);
  };
  const save = (as: Test | undefined) => {
    const scenario = scenarioOf(d, entry, called), name = as?.name ?? nameFor(flow.tests, scenario.caller, run!);
    const made = { id: as?.id ?? newId(), name, scenario, ...expecting(run!) };
    if (!editor.commit(`${as ? "Change" : "Save"} test ${name}`, saveTest(flow, made))) return;
    keep({ test: made.id });
    editor.set({ results: editor.state.results?.filter((r) => r.id !== made.id) ?? null });
    editor.toast(as ? `Test changed: ${name}` : `Saved as a test: ${name}`, true);
  };
  const load = (t: Test) => {
    const form = formOf(t.scenario, d.zone);
    keep({ form, test: t.id });
    void start(0, form);
  };
  const part = (r: TestResult) => {
    const path = r.run.path ?? [], at = Math.min(r.at ?? 0, path.length - 1);
    show(r.run, path.length);
    setRan(editor.state.flow);
    if (!r.passed && path[at]) editor.reveal(path[at].module);
  };
  return (
    <Drawer title="Simulate" extra={<span className="fe-group">
      <button type="button" className="fe-button fe-primary" data-action="run" disabled={busy || !entry} onClick={() => void start(0)}><Icon name="play" />Run</button>
      <button type="button" className="fe-button" data-action="step" disabled={busy || !entry} onClick={step}><Icon name="step" />Step</button>
      {run && editor.editable && test && <button type="button" className="fe-button" data-action="change-test" onClick={() => save(test)}>Change the test</button>}
      {run && editor.editable && <button type="button" className="fe-button" data-action="save-test" onClick={() => save(undefined)}>{test ? "Save as a new test" : "Save as a test"}</button>}
    </span>}>
      <div className="fe-simulate">
        {scene ? <ScenarioForm d={{ ...d, called }} set={set} scene={scene} entry={entry} wrong={wrong} run={() => void start(0)} /> : <p className="fe-none">{wrong || "Looking at the draft…"}</p>}
        <Steps run={run} upTo={shown?.upTo ?? 0} old={run !== undefined && (flow.modules !== ran.modules || flow.cables !== ran.cables)} />
        <Tests loaded={it.test} load={load} show={part} />
      </div>
    </Drawer>
  );
}

// expecting is what a test wants that takes a run as right.
export const expecting = (run: Run): Pick<Test, "want" | "cause"> => ({ want: (run.path ?? []).map((p) => ({ module: p.module, exit: p.exit ?? "" })), ...(run.cause ? { cause: run.cause } : {}) });

function nameFor(tests: Test[] | undefined, caller: string | undefined, run: Run): string {
  const names = new Set((tests ?? []).map((t) => t.name));
  let name = `${caller || "Withheld"} → ${run.path.at(-1)?.name ?? "end"}`.slice(0, 56);
  for (let n = 2; names.has(name); n++) name = name.replace(/( \d+)?$/, ` ${n}`);
  return name;
}

const outcomes: Record<string, string> = { talked: "Somebody talked to the caller", answered: "Answered, but nobody talked to the caller", missed: "Nobody answered", refused: "The call was refused", failed: "The call failed" };
const ended = (r: Run): string => `${outcomes[r.outcome] ?? r.outcome}: ${r.ending || r.cause}`;

function Steps({ run, upTo, old }: { run: Run | undefined; upTo: number; old: boolean }) {
  const editor = useEditor();
  if (!run) return <div className="fe-steps"><p className="fe-none">Run a call through the draft. Nothing rings, no call is placed; the rules are those of real calls, on a clock that jumps.</p></div>;
  const began = run.path[0] ? Date.parse(run.path[0].entered) : 0, until = run.path[upTo]?.entered;
  const limit = until ? (Date.parse(until) - began) / 1000 : Infinity;
  return (
    <div className="fe-steps">
      {old && <p className="fe-hint fe-old">The flow was changed since this run.</p>}
      {upTo >= run.path.length && <p className={"fe-outcome fe-" + run.outcome}><strong>{outcomes[run.outcome] ?? run.outcome}</strong><span>{run.ending || run.cause} · {clock(seconds(run.lasted))}</span></p>}
      <Path upTo={upTo} />
      <h3>Second by second</h3>
      <ol className="fe-moments" aria-label="What happened">
        {(run.steps ?? []).filter((s) => seconds(s.at) <= limit).map((s, i) => (
          <li key={i}><time>{clock(seconds(s.at))}</time>{s.module ? <button type="button" className="fe-link" onClick={() => editor.reveal(s.module!)}>{editor.nameOf(s.module)}</button> : <span />}<span dir="auto">{s.text}</span></li>
        ))}
      </ol>
    </div>
  );
}

// Path is each module with the reason for which it was left.
function Path({ upTo }: { upTo: number }) {
  const editor = useEditor(), path = useState$((s) => s.shown?.path);
  return (
    <ol className="fe-path" aria-label="The way through the flow">
      {(path ?? []).slice(0, upTo).map((p, i) => (
        <li key={i}><span className="fe-order">{i + 1}</span><button type="button" className="fe-link" onClick={() => editor.reveal(p.module)}>{p.name}</button>{p.exit && <span className="fe-exit-word">→ {editor.label(p.module, p.exit)}</span>}<span className="fe-sub" dir="auto">{p.reason?.text}</span></li>
      ))}
    </ol>
  );
}
