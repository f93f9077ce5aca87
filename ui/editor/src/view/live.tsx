// Beside the live canvas: the same calls as a table, and what can be done to
// one of them.
import { useEffect, useState } from "react";
import type { Mark } from "../types";
import { cameBy } from "./draw";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { clock } from "../model/moments";
import { choose, hangUp } from "../work/live";
import type { Editor } from "../work/editor";

export function Live() {
  const editor = useEditor(), [marks, connected, selected, cables, call] = useState$((s) => [s.marks, s.connected, s.selected[0], s.cables[0], s.call] as const);
  const [now, setNow] = useState(Date.now());
  useEffect(() => { const t = setInterval(() => setNow(Date.now()), 1000); return () => clearInterval(t); }, []);
  const at = selected === undefined ? undefined : editor.module(selected);
  const here = at ? marks.filter((m) => m.module === at.id) : cables !== undefined ? marks.filter((m) => cameBy(editor.state, m) === cables) : marks;
  const narrowed = at ? `At ${at.name}` : cables !== undefined ? "By this cable" : "";
  return (
    <aside className="fe-inspector fe-live" aria-label="Live calls">
      <header>
        <h2>{narrowed || "Live calls"} <span className="fe-sub">{here.length}</span></h2><span className="fe-gap" />
        {narrowed && <button type="button" className="fe-link" onClick={() => editor.select([])}>Show all {marks.length}</button>}
      </header>
      <div className="fe-inspector-body">
        {!connected && <p className="fe-problem" role="status">Connection lost. Trying again…</p>}
        {call !== null && <Card key={call} call={call} now={now} />}
        {here.length === 0 ? <p className="fe-none">{narrowed ? "No call is here now." : "No call is in this flow now. One that comes in appears here, and on the canvas."}</p> : (
          <table>
            <thead><tr><th scope="col">Caller</th><th scope="col">At</th><th scope="col">For</th></tr></thead>
            <tbody>{here.map((m) => <Row key={m.call} m={m} now={now} chosen={m.call === call} />)}</tbody>
          </table>
        )}
      </div>
    </aside>
  );
}

// whole is how long it is since a moment: 0:07, 12:40, 1:02:03.
function whole(now: number, since: string): string {
  const s = Math.max(0, (now - Date.parse(since)) / 1000), hours = Math.floor(s / 3600), rest = clock(s % 3600).replace(/\.\d$/, "");
  return hours ? `${hours}:${rest.padStart(5, "0")}` : rest;
}
const doing = (m: Mark): string => (m.talking ? `talks with ${m.talking}` : m.ringing?.length ? `rings ${m.ringing.join(", ")}` : "");
// otherVersion says that a call walks another version than the one drawn.
const otherVersion = (editor: Editor, m: Mark): string => (m.draft ? `test call, draft ${m.draft}` : m.version !== Number(editor.state.facts["published"]) ? `version ${m.version}` : "");

function Row({ m, now, chosen }: { m: Mark; now: number; chosen: boolean }) {
  const editor = useEditor(), sub = [doing(m), otherVersion(editor, m)].filter(Boolean).join(" · ");
  return (
    <tr data-call={m.call} className={chosen ? "fe-chosen" : ""}>
      <td><button type="button" className="fe-link" aria-pressed={chosen} onClick={() => choose(editor, chosen ? null : m.call)}><bdi>{m.caller || "Withheld"}</bdi></button></td>
      <td><bdi>{editor.module(m.module)?.name ?? m.name}</bdi>{sub && <span className="fe-sub" dir="auto">{sub}</span>}</td>
      <td>{whole(now, m.since)}</td>
    </tr>
  );
}

// Card is one call: who, where, how long, and what can be done to it.
function Card({ call, now }: { call: string; now: number }) {
  const editor = useEditor(), [marks, control] = useState$((s) => [s.marks, s.rights.control] as const);
  const [sure, setSure] = useState(false);
  const m = marks.find((x) => x.call === call);
  const close = <button type="button" className="fe-button fe-square" aria-label="Close this call" onClick={() => choose(editor, null)}><Icon name="close" /></button>;
  if (!m) return <section className="fe-card" aria-label="Chosen call"><header><h3>The call is no longer in this flow</h3>{close}</header><a className="fe-link" href={"/calls/" + encodeURIComponent(call)}>See how it went</a></section>;
  const who = m.caller || "Withheld", facts: [string, string][] = [["At", editor.module(m.module)?.name ?? m.name], ["Here for", whole(now, m.since)], ["Called", m.called], ["Length", whole(now, m.started)]];
  if (doing(m)) facts.splice(1, 0, ["Now", doing(m)]);
  if (otherVersion(editor, m)) facts.push(["Walks", otherVersion(editor, m)]);
  return (
    <section className="fe-card" aria-label="Chosen call" data-card={m.call}>
      <header><h3><bdi>{who}</bdi></h3>{close}</header>
      <dl className="fe-facts">{facts.map(([k, v]) => <div key={k}><dt>{k}</dt><dd dir="auto">{v}</dd></div>)}</dl>
      <div className="fe-actions">
        <a className="fe-button" href={"/calls/" + encodeURIComponent(m.call)}>Open the call</a>
        {control && !sure && <button type="button" className="fe-button" data-action="move-call" onClick={() => editor.popup({ is: "move call", call: m.call })}>Move…</button>}
        {control && !sure && <button type="button" className="fe-button fe-danger" data-action="hang-up" onClick={() => setSure(true)}>Hang up</button>}
        {sure && <><button type="button" className="fe-button fe-danger" data-action="hang-up-now" autoFocus onClick={() => { setSure(false); void hangUp(editor, m.call, m.caller); }}>Hang up now</button><button type="button" className="fe-button" onClick={() => setSure(false)}>Cancel</button></>}
      </div>
    </section>
  );
}
