// A call imagined: who calls when, keys what, and what the phones do. The
// server's own walker answers; the path lights up on the canvas.
import { useEffect, useState } from "react";
import type { Pick, Run, Scenario } from "../types";
import { Drawer } from "./drawer";
import { Icon } from "./icons";
import { Tests } from "./tests";
import { useEditor, useState$ } from "./use";
import { saveTest } from "../model/edit";
import { clock, duration, instant, localNow, seconds } from "../model/moments";
import { newId } from "../model/names";

interface Draft { entry: string; caller: string; at: string; zone: string; keys: { digits: string; after: string }[]; phones: Record<string, { does: string; after: string }>; replies: Record<string, string>; giveUp: string; talk: string; hangUpBy: string; overLimit?: boolean }

const home = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = [...new Set([home, "UTC", ...Intl.supportedValuesOf("timeZone")])];
const does = [["answers", "Answers"], ["declines", "Declines"], ["busy", "Is busy"], ["silent", "Rings, nobody answers"], ["absent", "Is not registered"]] as const;
const answers = [["200", "Answers 200"], ["404", "Answers 404"], ["500", "Answers 500"], ["0", "Does not answer"]] as const;
let kept: Draft | null = null; // as typed, while the page is open

export function Simulate() {
  const editor = useEditor(), [flow, shown, kinds] = useState$((s) => [s.flow, s.shown, s.catalog] as const);
  const entries = flow.modules.filter((m) => !m.shelved && kinds.kinds.find((k) => k.kind === m.kind)?.entry);
  const [d, setD] = useState<Draft>(() => kept ?? { entry: "", caller: "+15550123", at: localNow(new Date()), zone: home, keys: [{ digits: "1", after: "" }], phones: {}, replies: {}, giveUp: "", talk: "", hangUpBy: "caller" });
  const [busy, setBusy] = useState(false), [wrong, setWrong] = useState("");
  const set = (patch: Partial<Draft>) => setD((was) => (kept = { ...was, ...patch }));
  const phones = usePhones(flow);
  const servers = flow.modules.filter((m) => !m.shelved && m.kind === "http-request");
  const run = shown?.source === "simulate" ? shown.run : undefined;

  const start = async (upTo: number) => {
    setBusy(true);
    setWrong("");
    try {
      if (!(await editor.flushed())) throw new Error("The draft is not saved yet");
      const got = await editor.api.simulate(scenarioOf(d, entries[0]?.id ?? ""));
      editor.set({ shown: { path: got.path ?? [], upTo: upTo || (got.path ?? []).length, run: got, source: "simulate" } });
      editor.say(`The call ended: ${got.outcome}`);
      editor.canvas?.fit();
    } catch (e) { setWrong((e as Error).message); } finally { setBusy(false); }
  };
  const step = () => {
    if (!run || shown!.upTo >= shown!.path.length) return void start(1);
    const upTo = shown!.upTo + 1, at = shown!.path[upTo - 1]!;
    editor.set({ shown: { ...shown!, upTo } });
    editor.canvas?.show([at.module]);
    editor.say(`${at.name}${at.exit ? `, left by ${editor.label(at.module, at.exit)}` : ""}. ${at.reason?.text ?? ""}`);
  };
  const save = () => {
    const sc = scenarioOf(d, entries[0]?.id ?? "");
    const names = new Set((flow.tests ?? []).map((t) => t.name));
    let name = `${sc.caller || "Withheld"} → ${run!.path.at(-1)?.name ?? "end"}`.slice(0, 56);
    for (let n = 2; names.has(name); n++) name = name.replace(/( \d+)?$/, ` ${n}`);
    const test = { id: newId(), name, scenario: sc, want: run!.path.map((p) => ({ module: p.module, exit: p.exit ?? "" })), ...(run!.cause ? { cause: run!.cause } : {}) };
    if (editor.commit(`Save test ${name}`, saveTest(flow, test))) editor.toast(`Saved as a test: ${name}`, true);
  };
  return (
    <Drawer title="Simulate" extra={<span className="fe-group">
      <button type="button" className="fe-button fe-primary" data-action="run" disabled={busy || !entries.length} onClick={() => void start(0)}><Icon name="play" />Run</button>
      <button type="button" className="fe-button" data-action="step" disabled={busy || !entries.length} onClick={step}><Icon name="step" />Step</button>
      {run && editor.editable && <button type="button" className="fe-button" data-action="save-test" onClick={save}>Save as a test</button>}
    </span>}>
      <div className="fe-simulate">
        <form className="fe-scenario" aria-label="Imagined call" onSubmit={(e) => { e.preventDefault(); void start(0); }}>
          {wrong && <p className="fe-problem" role="alert">{wrong}</p>}
          {!entries.length && <p className="fe-none">No call can enter: add a Phone Number.</p>}
          <label className="field">Enters at<select value={d.entry || entries[0]?.id || ""} onChange={(e) => set({ entry: e.target.value })}>{entries.map((m) => <option key={m.id} value={m.id}>{m.name}</option>)}</select></label>
          <label className="field">Caller<input value={d.caller} placeholder="withheld" onChange={(e) => set({ caller: e.target.value })} /></label>
          <label className="field">When<input type="datetime-local" value={d.at} onChange={(e) => set({ at: e.target.value })} /></label>
          <label className="field">Zone<select value={d.zone} onChange={(e) => set({ zone: e.target.value })}>{zones.map((z) => <option key={z}>{z}</option>)}</select></label>
          <fieldset className="fe-wide-field"><legend>Keys, one row for each time a prompt plays</legend>
            {d.keys.map((k, i) => (
              <span className="fe-row" key={i}>
                <input className="fe-digits" aria-label={`Keys at prompt ${i + 1}`} value={k.digits} placeholder="silence" inputMode="tel" pattern="[0-9*#]*" onChange={(e) => set({ keys: d.keys.map((x, n) => (n === i ? { ...x, digits: e.target.value } : x)) })} />
                <label>after<input className="fe-seconds" aria-label={`Seconds before the keys at prompt ${i + 1}`} value={k.after} placeholder="1" inputMode="decimal" onChange={(e) => set({ keys: d.keys.map((x, n) => (n === i ? { ...x, after: e.target.value } : x)) })} />s</label>
                <button type="button" className="fe-button fe-square" aria-label={`Remove prompt ${i + 1}`} onClick={() => set({ keys: d.keys.filter((_, n) => n !== i) })}><Icon name="close" /></button>
              </span>
            ))}
            <button type="button" className="fe-link" onClick={() => set({ keys: [...d.keys, { digits: "", after: "" }] })}>Add a prompt</button>
          </fieldset>
          {phones.length > 0 && <fieldset className="fe-wide-field"><legend>Phones</legend>
            {phones.map((p) => {
              const now = d.phones[p.id] ?? { does: "answers", after: "" };
              return (
                <span className="fe-row" key={p.id}>
                  <span className="fe-phone" dir="auto">{p.title}</span>
                  <select aria-label={`What ${p.title} does`} value={now.does} onChange={(e) => set({ phones: { ...d.phones, [p.id]: { ...now, does: e.target.value } } })}>{does.map(([v, t]) => <option key={v} value={v}>{t}</option>)}</select>
                  {(now.does === "answers" || now.does === "declines") && <label>after<input className="fe-seconds" aria-label={`Seconds until ${p.title} ${now.does}`} value={now.after} placeholder="3" inputMode="decimal" onChange={(e) => set({ phones: { ...d.phones, [p.id]: { ...now, after: e.target.value } } })} />s</label>}
                </span>
              );
            })}
          </fieldset>}
          {servers.length > 0 && <fieldset className="fe-wide-field"><legend>Web servers</legend>
            {servers.map((m) => (
              <span className="fe-row" key={m.id}>
                <span className="fe-phone" dir="auto">{m.name}</span>
                <select aria-label={`What the server of ${m.name} does`} value={d.replies[m.id] ?? "200"} onChange={(e) => set({ replies: { ...d.replies, [m.id]: e.target.value } })}>{answers.map(([v, t]) => <option key={v} value={v}>{t}</option>)}</select>
              </span>
            ))}
          </fieldset>}
          <label className="field">Gives up after<span className="fe-row"><input className="fe-seconds" value={d.giveUp} placeholder="never" inputMode="decimal" onChange={(e) => set({ giveUp: e.target.value })} />s</span></label>
          <label className="field">Talks for<span className="fe-row"><input className="fe-seconds" value={d.talk} placeholder="30" inputMode="decimal" onChange={(e) => set({ talk: e.target.value })} />s</span></label>
          <label className="field">Who hangs up<select value={d.hangUpBy} onChange={(e) => set({ hangUpBy: e.target.value })}><option value="caller">The caller</option><option value="callee">Who was called</option></select></label>
          <label className="field">Calls at once<select value={d.overLimit ? "over" : ""} onChange={(e) => set({ overLimit: e.target.value === "over" })}><option value="">Within the limits</option><option value="over">One more than the number takes</option></select></label>
        </form>
        <Steps run={run} upTo={shown?.upTo ?? 0} />
        <Tests show={(r) => editor.set({ shown: { path: r.path ?? [], upTo: (r.path ?? []).length, run: r, source: "simulate" } })} />
      </div>
    </Drawer>
  );
}

function Steps({ run, upTo }: { run: Run | undefined; upTo: number }) {
  const editor = useEditor();
  if (!run) return <div className="fe-steps"><p className="fe-none">Run a call through the draft. Nothing rings, no call is placed; the rules are those of real calls.</p></div>;
  const began = run.path[0] ? Date.parse(run.path[0].entered) : 0, until = run.path[upTo]?.entered;
  const limit = until ? (Date.parse(until) - began) / 1000 : Infinity;
  return (
    <div className="fe-steps">
      <ol aria-label="What happened">
        {(run.steps ?? []).filter((s) => seconds(s.at) <= limit).map((s, i) => (
          <li key={i}><time>{clock(seconds(s.at))}</time>{s.module ? <button type="button" className="fe-link" onClick={() => editor.reveal(s.module!)}>{editor.nameOf(s.module)}</button> : <span />}<span dir="auto">{s.text}</span></li>
        ))}
      </ol>
      {upTo >= run.path.length && <p className="fe-outcome">Ended after {clock(seconds(run.lasted))}: <strong>{run.outcome}</strong>{run.cause && ` (${run.cause})`}</p>}
      <Path upTo={upTo} />
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

function scenarioOf(d: Draft, first: string): Scenario {
  const after = (s: string) => (Number(s) > 0 ? { after: duration(Number(s)) } : {});
  const out: Scenario = { entry: d.entry || first, caller: d.caller.trim(), at: instant(d.at, d.zone) };
  out.keys = d.keys.map((k) => ({ digits: k.digits.trim(), ...after(k.after) }));
  out.phones = Object.fromEntries(Object.entries(d.phones).map(([id, p]) => [id, { does: p.does, ...after(p.after) }]));
  const replies = Object.entries(d.replies).map(([id, status]) => [id, Number(status) > 0 ? { status: Number(status) } : {}] as const);
  if (replies.length) out.replies = Object.fromEntries(replies);
  if (Number(d.giveUp) > 0) out.give_up = duration(Number(d.giveUp));
  if (Number(d.talk) > 0) out.talk_for = duration(Number(d.talk));
  if (d.overLimit) out.over_limit = true;
  if (d.hangUpBy === "callee") out.hang_up_by = "callee";
  return out;
}

// usePhones lists the contact methods that the flow names, with their words.
function usePhones(flow: { modules: { settings: unknown }[] }): Pick[] {
  const ids = new Set<string>();
  const look = (v: unknown): void => {
    if (typeof v !== "object" || v === null) return;
    for (const [k, x] of Object.entries(v)) { if (k === "contact_method" && typeof x === "string" && x) ids.add(x); else look(x); }
  };
  for (const m of flow.modules) look(m.settings);
  const [words, setWords] = useState<Pick[]>([]), key = [...ids].join();
  useEffect(() => { if (key) fetch("/api/pick/contact-method?q=").then((r) => (r.ok ? r.json() : [])).then((l) => setWords(Array.isArray(l) ? (l as Pick[]) : []), () => {}); }, [key]);
  return [...ids].map((id) => words.find((w) => w.id === id) ?? { id, title: id });
}
