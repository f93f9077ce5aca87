// A real call through the draft: the browser is the caller's phone. The way of
// the call lights up on the canvas as it goes.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { clock } from "../model/moments";
import type { TestCall as Call } from "../work/state";
import { dial, hangUp, live, mute, press } from "../work/testcall";
import { Drawer } from "./drawer";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { typing } from "../work/keys";

const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const words: Record<Call["stage"], string> = { dialling: "Dialling…", placed: "Under way", ringing: "Ringing", answered: "In the call", ending: "Hanging up…", ended: "Ended" };
let kept = { entry: "", caller: "+15550123", caller_name: "" }; // as typed, while the page is open

export function TestCall() {
  const editor = useEditor(), [flow, kinds, call] = useState$((s) => [s.flow, s.catalog, s.testCall] as const);
  const entries = flow.modules.filter((m) => !m.shelved && kinds.kinds.find((k) => k.kind === m.kind)?.entry);
  const [d, setD] = useState(kept), [down, setDown] = useState("");
  const set = (patch: Partial<typeof kept>) => setD((was) => (kept = { ...was, ...patch }));
  const runs = live(call), entry = entries.some((m) => m.id === d.entry) ? d.entry : entries[0]?.id ?? "";
  const toggle = () => (runs ? hangUp(editor) : void dial(editor, { ...d, entry, caller: d.caller.trim(), caller_name: d.caller_name.trim() }));
  const key = (k: string) => { press(editor, k); setDown(k); setTimeout(() => setDown(""), 150); };
  const typed = (e: KeyboardEvent) => {
    if (!runs || typing(e.nativeEvent) || e.ctrlKey || e.metaKey || e.altKey || !keys.includes(e.key)) return;
    e.preventDefault();
    key(e.key);
  };
  return (
    <Drawer title="Test call" onKeyDown={typed} closed={() => hangUp(editor)} extra={<span className="fe-group">
      <button type="button" className={"fe-button " + (runs ? "fe-hang-up" : "fe-primary")} data-action={runs ? "hang-up" : "call"} disabled={!entries.length} onClick={toggle}><Icon name={runs ? "hangup" : "phone-number"} />{runs ? "Hang up" : "Call"}</button>
      <button type="button" className={"fe-button" + (call?.muted ? " fe-on" : "")} data-action="mute" aria-pressed={call?.muted ?? false} disabled={!runs} onClick={() => mute(editor, !call!.muted)}><Icon name={call?.muted ? "microphone-off" : "microphone"} />Mute</button>
      {call && <span className="fe-stage-word" data-stage={call.stage}>{words[call.stage]} <Elapsed call={call} /></span>}
    </span>}>
      <div className="fe-simulate fe-testcall">
        <form className="fe-scenario" aria-label="The caller" onSubmit={(e) => { e.preventDefault(); if (!runs && entries.length) toggle(); }}>
          {call?.error && <p className="fe-problem" role="alert">{call.error}</p>}
          {call?.note && <p className="fe-problem fe-warning" data-note="">{call.note}</p>}
          {!entries.length && <p className="fe-none">No call can enter: add a Phone Number.</p>}
          <label className="field">Enters at<select value={entry} disabled={runs} onChange={(e) => set({ entry: e.target.value })}>{entries.map((m) => <option key={m.id} value={m.id}>{m.name}</option>)}</select></label>
          <label className="field">Caller<input value={d.caller} disabled={runs} placeholder="withheld" inputMode="tel" maxLength={32} onChange={(e) => set({ caller: e.target.value })} /></label>
          <label className="field fe-wide-field">Name shown<input value={d.caller_name} disabled={runs} placeholder="none" maxLength={60} onChange={(e) => set({ caller_name: e.target.value })} /></label>
          <p className="fe-hint fe-wide-field">This is a real call through the draft: phones ring, mails go out, and the history keeps it as a test.</p>
        </form>
        <div className="fe-handset">
          <div className="fe-keypad" role="group" aria-label="Keypad">
            {keys.map((k) => <button type="button" key={k} className={down === k ? "fe-down" : ""} data-key={k} aria-label={k === "*" ? "Star" : k === "#" ? "Hash" : k} disabled={!runs || !call?.id} onClick={() => key(k)}>{k}</button>)}
          </div>
          <Levels />
        </div>
        <Log call={call} />
      </div>
    </Drawer>
  );
}

// Elapsed counts from the answer, or from the call while there is none.
function Elapsed({ call }: { call: Call }) {
  const [now, setNow] = useState(performance.now()), runs = live(call);
  useEffect(() => { if (!runs) return; const t = setInterval(() => setNow(performance.now()), 250); return () => clearInterval(t); }, [runs]);
  const s = Math.max(0, ((call.ended ?? now) - (call.answered ?? call.began)) / 1000);
  return <span className="fe-elapsed" data-elapsed="">{clock(s).replace(/\.\d$/, "")}</span>;
}

// quietest is the level at which a meter begins, in decibels below the loudest.
const quietest = 54;
const reading = (level: number): number => (level > 0 ? Math.max(0, Math.min(1, 1 + (20 * Math.log10(level)) / quietest)) : 0);

// Levels move many times a second, past React.
function Levels() {
  const editor = useEditor(), said = useRef<HTMLDivElement>(null), heard = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (at: HTMLDivElement | null, level: number) => {
      if (!at) return;
      (at.firstElementChild as HTMLElement).style.transform = `scaleX(${level.toFixed(3)})`;
      at.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    };
    editor.levels = (a, b) => { show(said.current, reading(a)); show(heard.current, reading(b)); };
    return () => { editor.levels = null; };
  }, [editor]);
  return (
    <div className="fe-levels">
      <span id="fe-said">You</span><div ref={said} className="fe-level-bar" role="meter" aria-labelledby="fe-said" aria-valuemin={0} aria-valuemax={100} aria-valuenow={0} data-level="said"><i /></div>
      <span id="fe-heard">Line</span><div ref={heard} className="fe-level-bar" role="meter" aria-labelledby="fe-heard" aria-valuemin={0} aria-valuemax={100} aria-valuenow={0} data-level="heard"><i /></div>
    </div>
  );
}

function Log({ call }: { call: Call | null }) {
  const editor = useEditor(), last = useRef<HTMLDivElement>(null);
  useEffect(() => { last.current?.scrollTo({ top: last.current.scrollHeight }); }, [call?.log.length, call?.text]);
  if (!call) return <div className="fe-steps"><p className="fe-none">Call, and talk and key your way through the draft. Keys of the keyboard work while the focus is in this drawer.</p></div>;
  return (
    <div className="fe-steps" ref={last}>
      <ol aria-label="What happened">
        {call.log.map((l, i) => {
          const p = l.step === undefined ? undefined : call.path[l.step];
          return (
            <li key={i} data-step={p?.module} className={p ? "" : "fe-event"}>
              <time>{clock(l.at)}</time>
              {p && (p.flow ? <span dir="auto">{p.name}</span> : <button type="button" className="fe-link" onClick={() => editor.reveal(p.module)}>{p.name}</button>)}
              <span dir="auto">{l.keys ? `Keyed ${l.keys}` : p ? left(editor.label, p, live(call)) : l.text}</span>
            </li>
          );
        })}
      </ol>
      {call.text && <p className="fe-outcome" dir="auto">{call.text}</p>}
      {call.id && <p><a href={"/calls/" + encodeURIComponent(call.id)} target="_blank" rel="noopener" data-action="show-call">The page of this call</a></p>}
    </div>
  );
}

// left says how a module was left, and why.
function left(label: (module: string, exit: string) => string, p: { module: string; exit?: string; reason?: { text: string } }, runs: boolean): string {
  const way = p.exit ? `→ ${label(p.module, p.exit)}` : runs ? "is here" : "ended here";
  return p.reason?.text ? `${way} · ${p.reason.text}` : way;
}
