// Beside a past call: each module it walked, why it left as it did, and for
// any other module why it never came there.
import { useEffect } from "react";
import { useEditor, useState$ } from "./use";
import { clock } from "../model/moments";

export function Trace() {
  const editor = useEditor(), [path, chosen, exits] = useState$((s) => [s.shown?.path, s.selected.length === 1 ? s.selected[0]! : null, s.exits] as const);
  const began = path?.[0] ? Date.parse(path[0].entered) : 0;
  const passes = (path ?? []).map((p, i) => ({ p, n: i + 1 })).filter((x) => chosen === null || x.p.module === chosen);
  return (
    <aside className="fe-inspector fe-trace" aria-label="The call">
      <header><h2>{chosen && editor.module(chosen) ? editor.nameOf(chosen) : "The way of the call"}</h2></header>
      <div className="fe-inspector-body">
        {chosen && passes.length === 0 && editor.module(chosen) && <WhyNot id={chosen} />}
        <ol className="fe-passes">
          {passes.map(({ p, n }) => (
            <li key={n} data-pass={n}>
              <span className="fe-order">{n}</span>
              <div className="fe-words">
                <button type="button" className="fe-link fe-name" onClick={() => editor.reveal(p.module)}>{p.name}</button>
                <span className="fe-sub"><time dateTime={p.entered}>{clock((Date.parse(p.entered) - began) / 1000)}</time>{p.left && !p.left.startsWith("0001") && ` · stayed ${clock((Date.parse(p.left) - Date.parse(p.entered)) / 1000)}`}</span>
                {p.reason?.text && <p dir="auto">{p.reason.text}</p>}
                {!!p.reason?.facts?.length && <dl className="fe-facts">{p.reason.facts.map((f, i) => <div key={i}><dt>{f.name}</dt><dd dir="auto">{f.value}</dd></div>)}</dl>}
                <ul className="fe-taken-exits" aria-label="Exits">{(exits[p.module] ?? []).filter((e) => e.main || e.id === p.exit).map((e) => <li key={e.id} className={e.id === p.exit ? "fe-on" : ""}>{e.label}{e.id === p.exit && <span className="fe-unseen"> taken</span>}</li>)}</ul>
                {!p.exit && <p className="fe-sub">The call ended here.</p>}
              </div>
            </li>
          ))}
        </ol>
      </div>
    </aside>
  );
}

function WhyNot({ id }: { id: string }) {
  const editor = useEditor(), [answer, call] = useState$((s) => [s.answers[id], String(s.facts["call"] ?? "")] as const);
  useEffect(() => { editor.say(answer ?? ""); }, [answer, editor]);
  const ask = async () => {
    let text: string;
    try { text = (await editor.api.why(call, id)).text; } catch (e) { text = (e as Error).message; }
    editor.set({ answers: { ...editor.state.answers, [id]: text } });
  };
  return answer ? <p className="fe-answer" data-why="" dir="auto">{answer}</p> : <><p className="fe-hint">The call did not come here.</p><button type="button" className="fe-button" data-action="why" onClick={() => void ask()}>Why not here?</button></>;
}

export function Changes() {
  const words = useState$((s) => s.facts["words"] as string[] | undefined);
  return (
    <aside className="fe-inspector" aria-label="Changes">
      <header><h2>Changes</h2></header>
      <div className="fe-inspector-body">{words?.length ? <ul className="fe-changes">{words.map((w) => <li key={w} dir="auto">{w}</li>)}</ul> : <p className="fe-none">The two are the same for every caller.</p>}</div>
    </aside>
  );
}
