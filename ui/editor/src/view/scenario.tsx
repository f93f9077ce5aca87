// The form of an imagined call: everything that can be said about it, each with
// what holds when nothing is said.
import { useEffect, useId, useState, type ReactNode } from "react";
import type { Pick, Scene, ScenePhone } from "../types";
import { Icon } from "./icons";
import { useEditor } from "./use";
import { emptyHall, emptyReply, usual, type Form, type Typed } from "../model/scenario";

const home = Intl.DateTimeFormat().resolvedOptions().timeZone;
const does = { answers: "answers", declines: "declines", busy: "is busy", silent: "rings, nobody answers", absent: "is not registered" };
const confirms = { accepts: "presses 1", ignores: "presses nothing", "hangs-up": "hangs up" };
const answers = { "200": "answers 200", "404": "answers 404", "500": "answers 500", "0": "does not answer" };
const away = { "": "takes calls", paused: "is paused", out: "is logged out" };
const held = { "": "by its hours", open: "held open", closed: "held closed" };

type Set = (patch: Partial<Form>) => void;
interface Part { d: Form; set: Set; scene: Scene }

export function ScenarioForm({ d, set, scene, entry, wrong, run }: Part & { entry: string; wrong: string; run(): void }) {
  const at = scene.entries.find((e) => e.id === entry);
  return (
    <form className="fe-scenario" aria-label="Imagined call" onSubmit={(e) => { e.preventDefault(); run(); }}>
      {wrong && <p className="fe-problem" role="alert">{wrong}</p>}
      {!scene.entries.length && <p className="fe-none fe-wide-field">No call can enter: add a Phone Number.</p>}
      <Choose label="Enters at" value={entry} options={Object.fromEntries(scene.entries.map((e) => [e.id, e.name]))} set={(v) => set({ entry: v })} />
      {at?.numbers ? <Choose label="Number dialled" value={d.called || (at.numbers[0] ?? "")} options={Object.fromEntries(at.numbers.map((n) => [n, n]))} none="No number leads here" set={(v) => set({ called: v })} />
        : <Text label="Number dialled" value={at?.sub ?? ""} fixed />}
      <Text label="Caller" value={d.caller} hint="withheld" set={(v) => set({ caller: v })} />
      <Text label="Caller’s name" value={d.callerName} hint="none" set={(v) => set({ callerName: v })} />
      <label className="field">When<input type="datetime-local" value={d.at} onChange={(e) => set({ at: e.target.value })} /></label>
      <Choose label="Zone" value={d.zone} options={zonesWith(scene.zone, d.zone)} set={(v) => set({ zone: v })} />
      <Keys d={d} set={set} />
      <Phones d={d} set={set} scene={scene} />
      {scene.queues.length > 0 && <Queues d={d} set={set} scene={scene} />}
      {scene.routers.length > 0 && <Group title="Time routers">{scene.routers.map((m) => <Row key={m.id} name={m.name} sub={m.sub}><Small label={`How ${m.name} is held`} value={d.overrides[m.id] ?? ""} options={held} set={(v) => set({ overrides: { ...d.overrides, [m.id]: v } })} /></Row>)}</Group>}
      {scene.servers.length > 0 && <Servers d={d} set={set} scene={scene} />}
      <Group title="Then">
        <span className="fe-row fe-then">
          <Seconds label="Gives up after" of="Seconds until the caller gives up" value={d.giveUp} hint="never" set={(v) => set({ giveUp: v })} />
          <Seconds label="Talks for" of="Seconds of talk" value={d.talk} hint="30" set={(v) => set({ talk: v })} />
        </span>
        <Row name="Ends the talk"><Small label="Who ends the talk" value={d.hangUpBy} options={{ caller: "the caller", callee: "who was called" }} set={(v) => set({ hangUpBy: v })} /></Row>
        <Row name="Calls at once"><Small label="Calls at once" value={d.overLimit ? "over" : ""} options={{ "": "within the limits", over: "one more than the number takes" }} set={(v) => set({ overLimit: v === "over" })} /></Row>
      </Group>
      <button type="submit" hidden tabIndex={-1}>Run</button>
    </form>
  );
}

function Keys({ d, set }: { d: Form; set: Set }) {
  const change = (i: number, patch: Partial<Form["keys"][number]>) => set({ keys: d.keys.map((x, n) => (n === i ? { ...x, ...patch } : x)) });
  return (
    <Group title="Keys, one row for each time that keys are listened for">
      {d.keys.map((k, i) => (
        <span className="fe-row" key={i}>
          <span className="fe-order">{i + 1}</span>
          <input className="fe-digits" aria-label={`Keys at prompt ${i + 1}`} value={k.digits} placeholder="silence" inputMode="tel" pattern="[0-9*#]*" onChange={(e) => change(i, { digits: e.target.value })} />
          <Seconds label="after" of={`Seconds before the keys at prompt ${i + 1}`} value={k.after} hint="1" set={(v) => change(i, { after: v })} />
          {k.digits.trim().length > 1 && <Seconds label="apart" of={`Seconds between the keys at prompt ${i + 1}`} value={k.gap} hint="0.3" set={(v) => change(i, { gap: v })} />}
          <span className="fe-gap" />
          <button type="button" className="fe-button fe-square" aria-label={`Remove prompt ${i + 1}`} onClick={() => set({ keys: d.keys.filter((_, n) => n !== i) })}><Icon name="close" /></button>
        </span>
      ))}
      <button type="button" className="fe-link" onClick={() => set({ keys: [...d.keys, { digits: "", after: "", gap: "" }] })}>Add keys</button>
    </Group>
  );
}

function Phones({ d, set, scene }: Part) {
  const editor = useEditor();
  const [found, setFound] = useState<Pick[]>([]), [query, setQuery] = useState(""), list = useId();
  const [further, setFurther] = useState<ScenePhone[]>([]);
  const known = new Set(scene.phones.map((p) => p.id));
  const others = [...further, ...Object.keys(d.phones).filter((id) => !further.some((f) => f.id === id)).map((id) => ({ id, title: id }))].filter((p) => !known.has(p.id));
  const all: (ScenePhone & { other?: boolean })[] = [...scene.phones, ...others.map((p) => ({ ...p, asks: true, other: true }))];
  useEffect(() => {
    if (!scene.others) return;
    let gone = false;
    const t = setTimeout(() => editor.api.phones(query).then((l) => { if (!gone) setFound(l); }, () => {}), 200);
    return () => { gone = true; clearTimeout(t); };
  }, [query, scene.others, editor]);
  useEffect(() => { // words for phones of a test that was loaded
    const bare = Object.keys(d.phones).filter((id) => !known.has(id) && !further.some((f) => f.id === id));
    if (bare.length) void editor.api.phones("").then((l) => setFurther((was) => [...was, ...l.filter((p) => bare.includes(p.id) && !was.some((w) => w.id === p.id))]), () => {});
  }, [Object.keys(d.phones).join(), scene]);
  const add = (title: string) => {
    setQuery(title);
    const p = found.find((x) => x.title === title);
    if (!p) return;
    if (!known.has(p.id)) { setFurther((was) => [...was.filter((w) => w.id !== p.id), p]); set({ phones: { ...d.phones, [p.id]: d.phones[p.id] ?? { ...usual } } }); }
    setQuery("");
  };
  if (!all.length && !scene.others) return null;
  return (
    <Group title="Phones">
      {all.map((p) => {
        const now = d.phones[p.id] ?? usual;
        const change = (patch: Partial<Typed>) => set({ phones: { ...d.phones, [p.id]: { ...now, ...patch } } });
        return (
          <Row key={p.id} name={p.title} sub={p.sub}>
            <Small label={`What ${p.title} does`} value={now.does} options={does} set={(v) => change({ does: v })} />
            {(now.does === "answers" || now.does === "declines") && <Seconds label="after" of={`Seconds until ${p.title} ${now.does}`} value={now.after} hint="3" set={(v) => change({ after: v })} />}
            {p.asks && now.does === "answers" && <label>if asked<Small label={`What ${p.title} does when asked to press 1`} value={now.confirms} options={confirms} set={(v) => change({ confirms: v })} /></label>}
            {p.other && <button type="button" className="fe-button fe-square" aria-label={`Forget ${p.title}`} onClick={() => { setFurther((was) => was.filter((w) => w.id !== p.id)); set({ phones: Object.fromEntries(Object.entries(d.phones).filter(([id]) => id !== p.id)) }); }}><Icon name="close" /></button>}
          </Row>
        );
      })}
      {scene.others && <>
        <input className="fe-other-phone" list={list} value={query} placeholder="Another phone that can be dialled…" aria-label="Another phone" onChange={(e) => add(e.target.value)} />
        <datalist id={list}>{found.filter((p) => !all.some((a) => a.id === p.id)).map((p) => <option key={p.id} value={p.title}>{p.sub}</option>)}</datalist>
      </>}
    </Group>
  );
}

function Queues({ d, set, scene }: Part) {
  const title = (id: string) => scene.phones.find((p) => p.id === id)?.title ?? id;
  return (
    <Group title="Queues">
      {scene.queues.map((q) => {
        const now = d.queues[q.id] ?? emptyHall;
        const change = (patch: Partial<typeof now>) => set({ queues: { ...d.queues, [q.id]: { ...now, ...patch } } });
        return (
          <div className="fe-hall" key={q.id}>
            <Row name={q.name} sub={q.sub}><label>who wait already<input className="fe-seconds" aria-label={`Callers who wait in ${q.name} already`} value={now.waiting} placeholder="0" inputMode="numeric" onChange={(e) => change({ waiting: e.target.value })} /></label></Row>
            {q.members.map((m) => <Row key={m} name={title(m)} inner><Small label={`${title(m)} in ${q.name}`} value={now.away[m] ?? ""} options={away} set={(v) => change({ away: { ...now.away, [m]: v } })} /></Row>)}
          </div>
        );
      })}
    </Group>
  );
}

function Servers({ d, set, scene }: Part) {
  return (
    <Group title="Web servers">
      {scene.servers.map((m) => {
        const now = d.replies[m.id] ?? emptyReply;
        const change = (patch: Partial<typeof now>) => set({ replies: { ...d.replies, [m.id]: { ...now, ...patch } } });
        return (
          <div key={m.id}>
            <Row name={m.name} sub={m.sub}><Small label={`What the server of ${m.name} does`} value={now.status} options={now.status in answers ? answers : { ...answers, [now.status]: `answers ${now.status}` }} set={(v) => change({ status: v })} /></Row>
            {now.status !== "0" && m.variables.map((v) => <Row key={v} name={v} inner><input aria-label={`Value of ${v} in the answer of ${m.name}`} value={now.variables[v] ?? ""} placeholder="not in the answer" onChange={(e) => change({ variables: { ...now.variables, [v]: e.target.value } })} /></Row>)}
          </div>
        );
      })}
    </Group>
  );
}

// Pieces.

function Group({ title, children }: { title: string; children: ReactNode }) {
  return <fieldset className="fe-wide-field"><legend>{title}</legend>{children}</fieldset>;
}

function Row({ name, sub, inner, children }: { name: string; sub?: string | undefined; inner?: boolean; children: ReactNode }) {
  return <span className={"fe-row" + (inner ? " fe-inner" : "")}><span className="fe-phone" dir="auto" title={sub || undefined}>{name}</span>{children}</span>;
}

function Text({ label, value, hint, fixed, set }: { label: string; value: string; hint?: string; fixed?: boolean; set?(v: string): void }) {
  return <label className="field">{label}<input value={value} placeholder={hint ?? ""} readOnly={fixed} onChange={(e) => set?.(e.target.value)} /></label>;
}

function Choose({ label, value, options, none, set }: { label: string; value: string; options: Record<string, string>; none?: string; set(v: string): void }) {
  return <label className="field">{label}<Small value={value} options={Object.keys(options).length || !none ? options : { "": none }} set={set} /></label>;
}

function Small({ label, value, options, set }: { label?: string; value: string; options: Record<string, string>; set(v: string): void }) {
  return <select aria-label={label} value={value} onChange={(e) => set(e.target.value)}>{Object.entries(options).sort(byOrder).map(([v, t]) => <option key={v} value={v}>{t}</option>)}</select>;
}

// byOrder leaves the order alone but for keys that are numbers, which an object
// would put first: here the first is what is usual, and none is last.
const byOrder = ([a]: [string, string], [b]: [string, string]) => Number(a === "0") - Number(b === "0");

function Seconds({ label, of, value, hint, set }: { label: string; of: string; value: string; hint: string; set(v: string): void }) {
  return <label>{label}<input className="fe-seconds" aria-label={of} value={value} placeholder={hint} inputMode="decimal" onChange={(e) => set(e.target.value)} />s</label>;
}

const zones = [home, "UTC", ...Intl.supportedValuesOf("timeZone")];
const zonesWith = (...first: string[]): Record<string, string> => Object.fromEntries([...first, ...zones].filter(Boolean).map((z) => [z, z]));
