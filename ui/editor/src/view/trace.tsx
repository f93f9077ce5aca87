// Beside a past call: each module it walked, why it left as it did, and for
// any other module why it never came there.
import { useEffect, useState } from "react";
import type { ExitSpec, PathEntry, TracePart } from "../types";
import { useEditor, useState$ } from "./use";
import { clock } from "../model/moments";
import { cableAt } from "../model/edit";

export function Trace() {
  const editor = useEditor(), [shown, chosen, parts] = useState$((s) => [s.shown, s.selected.length === 1 ? s.selected[0]! : null, (s.facts["parts"] as TracePart[] | undefined) ?? noParts] as const);
  const path = shown?.path ?? [], at = chosen === null ? undefined : editor.module(chosen);
  const began = path[0] ? Date.parse(String((editor.state.facts["call_started"] as string | undefined) ?? path[0].entered)) : 0;
  const passes = path.map((p, i) => ({ p, n: shown!.steps?.[i] ?? i + 1 })).filter((x) => !at || x.p.module === at.id);
  const times = at && passes.length > 1 ? `${passes.length} visits` : "";
  return (
    <aside className="fe-inspector fe-trace" aria-label="The call">
      <header>
        <h2>{at ? at.name : "The way of the call"} {times && <span className="fe-sub">{times}</span>}</h2><span className="fe-gap" />
        {at && <button type="button" className="fe-link" onClick={() => editor.select([])}>Show all</button>}
      </header>
      <div className="fe-inspector-body">
        {!at && parts.length > 1 && <Parts parts={parts} />}
        {at && passes.length === 0 && <WhyNot key={at.id} id={at.id} />}
        <ol className="fe-passes">{passes.map(({ p, n }) => <Pass key={n} p={p} n={n} began={began} onward={parts.find((x) => !x.here && x.steps.includes(n + 1))} />)}</ol>
      </div>
    </aside>
  );
}

const noParts: TracePart[] = [];

// Parts are the flows that the call walked.
function Parts({ parts }: { parts: TracePart[] }) {
  return (
    <nav className="fe-parts" aria-label="Flows that the call walked">
      {parts.map((x) => <a key={x.link} href={x.link} aria-current={x.here ? "page" : undefined}><bdi>{x.name}</bdi><span className="fe-sub">{x.edition}, {x.steps.length} {x.steps.length === 1 ? "step" : "steps"}</span></a>)}
    </nav>
  );
}

function Pass({ p, n, began, onward }: { p: PathEntry; n: number; began: number; onward: TracePart | undefined }) {
  const editor = useEditor(), left = p.left && !p.left.startsWith("0001") ? p.left : "";
  return (
    <li data-pass={n}>
      <span className="fe-order">{n}</span>
      <div className="fe-words">
        <button type="button" className="fe-link fe-name" onClick={() => editor.reveal(p.module)}>{p.name}</button>
        <span className="fe-sub"><time dateTime={p.entered} title={new Date(p.entered).toLocaleString()}>{clock((Date.parse(p.entered) - began) / 1000)}</time>{left && ` · stayed ${clock((Date.parse(left) - Date.parse(p.entered)) / 1000)}`}</span>
        {p.reason?.text && <p dir="auto">{p.reason.text}</p>}
        {!!p.reason?.facts?.length && <dl className="fe-facts">{p.reason.facts.map((f, i) => <div key={i}><dt>{f.name.replaceAll("_", " ")}</dt><dd dir="auto">{f.value}</dd></div>)}</dl>}
        <Exits p={p} />
        {onward ? <p>Goes on in <a href={onward.link}><bdi>{onward.name}</bdi>, {onward.edition}</a>.</p> : !p.exit && <p className="fe-sub">{left ? "The call ended here." : "The call is here now."}</p>}
      </div>
    </li>
  );
}

// Exits are the one taken and those that were not, with where each leads.
function Exits({ p }: { p: PathEntry }) {
  const editor = useEditor(), [exits, flow] = useState$((s) => [s.exits[p.module] ?? noExits, s.flow] as const);
  const to = (e: ExitSpec) => { const c = cableAt(flow, p.module, e.id); return c ? editor.nameOf(c.to) : ""; };
  const all = exits.filter((e) => e.main || e.id === p.exit || cableAt(flow, p.module, e.id));
  if (p.exit && !all.some((e) => e.id === p.exit)) all.unshift({ id: p.exit, label: p.exit, main: true });
  if (!all.length) return null;
  return (
    <ul className="fe-taken-exits" aria-label="Exits">
      {[...all].sort((a, b) => Number(b.id === p.exit) - Number(a.id === p.exit)).map((e) => (
        <li key={e.id} className={e.id === p.exit ? "fe-on" : ""}><span className="fe-unseen">{e.id === p.exit ? "taken: " : "not taken: "}</span>{e.label}{to(e) && <span className="fe-to-name"> → {to(e)}</span>}</li>
      ))}
    </ul>
  );
}

const noExits: ExitSpec[] = [];

// WhyNot asks as soon as a module is chosen to which the call did not come.
function WhyNot({ id }: { id: string }) {
  const editor = useEditor(), [answer, call] = useState$((s) => [s.answers[id], String(s.facts["call_id"] ?? "")] as const);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let gone = false;
    editor.api.why(call, id).then((a) => { if (!gone) { editor.set({ answers: { ...editor.state.answers, [id]: a.text } }); editor.say(a.text); } }, (e: Error) => { if (!gone) setWrong(e.message); });
    return () => { gone = true; };
  }, [editor, call, id]);
  return <section className="fe-why"><h3>Why not here?</h3>{wrong ? <p className="fe-problem" role="alert">{wrong}</p> : <p className="fe-answer" data-why={answer ? "" : undefined} dir="auto">{answer ?? "Looking…"}</p>}</section>;
}

export function Changes() {
  const words = useState$((s) => s.facts["words"] as string[] | undefined);
  return (
    <aside className="fe-inspector" aria-label="Changes">
      <header><h2>Changes</h2></header>
      <div className="fe-inspector-body">{words?.length ? <ul className="fe-changes">{words.map((w, i) => <li key={i} dir="auto">{w}</li>)}</ul> : <p className="fe-none">The two are the same for every caller.</p>}</div>
    </aside>
  );
}
