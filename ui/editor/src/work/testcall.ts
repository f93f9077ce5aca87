// A test call as the editor follows it: what happens goes into the log, and the
// way of the call onto the canvas.
import { tabOf } from "../model/names";
import type { PathEntry, Problem, Told } from "../types";
import type { Editor } from "./editor";
import { Phone } from "./phone";
import type { TestCall } from "./state";

export interface Dial { entry: string; caller: string; caller_name: string }

// live tells whether there is a call that could be hung up.
export const live = (c: TestCall | null): boolean => c !== null && c.stage !== "ended";

// dial saves what waits and places the call.
export async function dial(editor: Editor, to: Dial): Promise<void> {
  if (live(editor.state.testCall)) return;
  editor.phone?.close();
  const phone = new Phone({
    told: (t) => editor.phone === phone && hear(editor, t),
    levels: (said, heard) => editor.phone === phone && editor.levels?.(said, heard),
    mute: (why) => { if (editor.phone === phone) { change(editor, { note: why }); editor.say(why); } },
    gone: () => { if (editor.phone === phone && live(editor.state.testCall)) end(editor, "The connection to the panel was lost."); },
  });
  editor.phone = phone;
  editor.set({ testCall: { stage: "dialling", began: performance.now(), log: [], path: [], ringing: "", talking: "", id: "", text: "", note: "", error: "", muted: false }, shown: null });
  try {
    if (!(await editor.flushed())) throw new Error("The draft is not saved yet");
    editor.canvas?.fit();
    log(editor, `Calling ${editor.nameOf(to.entry)} as ${to.caller || "a withheld number"}`);
    await phone.call(editor.api.testCallLink(), editor.handset, to);
  } catch (e) {
    phone.close();
    if (editor.phone === phone) end(editor, (e as Error).message);
  }
}

export function hangUp(editor: Editor): void {
  if (!live(editor.state.testCall)) return;
  editor.phone?.hangUp();
  if (editor.state.testCall!.id) change(editor, { stage: "ending" });
  else end(editor, ""); // nothing is under way yet, and nothing more is told
}

export function press(editor: Editor, key: string): void {
  const c = editor.state.testCall;
  if (!c || !c.id || !live(c) || c.stage === "ending") return;
  editor.phone?.press(key);
  const last = c.log.at(-1);
  if (last?.keys) change(editor, { log: [...c.log.slice(0, -1), { ...last, keys: last.keys + " " + key }] });
  else log(editor, "", { keys: key });
}

export function mute(editor: Editor, muted: boolean): void {
  if (editor.phone) editor.phone.muted = muted;
  change(editor, { muted });
  editor.say(muted ? "Muted" : "Not muted");
}

const change = (editor: Editor, patch: Partial<TestCall>): void => { if (editor.state.testCall) editor.set({ testCall: { ...editor.state.testCall, ...patch } }); };

function log(editor: Editor, text: string, more: { step?: number; keys?: string } = {}): void {
  const c = editor.state.testCall;
  if (!c) return;
  change(editor, { log: [...c.log, { at: (performance.now() - c.began) / 1000, text, ...more }] });
  if (text) editor.say(text);
}

// hear takes what the panel tells.
function hear(editor: Editor, t: Told): void {
  if (t.error) {
    if (t.problems?.length) stopped(editor, t.problems, t.error);
    return end(editor, t.error);
  }
  stages[t.kind]?.(editor, t);
}

// stopped opens what stands in the way of the call.
function stopped(editor: Editor, problems: Problem[], why: string): void {
  editor.set({ problems, drawer: "problems" });
  editor.toast(why);
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".fe-problems button")?.focus());
}

const stages: Record<string, (editor: Editor, t: Told) => void> = {
  placed: (editor, t) => { change(editor, { id: t.call ?? "", stage: "placed" }); log(editor, "The engine has taken the call"); },
  ringing: (editor) => { change(editor, { stage: "ringing" }); log(editor, "It rings"); },
  early: (editor) => { change(editor, { stage: "ringing" }); log(editor, "Audio before an answer"); },
  answered: (editor) => { change(editor, { stage: "answered", answered: performance.now() }); log(editor, "Answered"); },
  walked: (editor, t) => { walk(editor, t.path ?? []); who(editor, t); },
  ended: (editor, t) => { editor.phone?.quiet(); log(editor, t.text ?? "Ended"); end(editor, ""); },
  over: (editor, t) => { walk(editor, t.path ?? []); change(editor, { text: t.text ?? "" }); editor.say(t.text ?? ""); },
};

function end(editor: Editor, error: string): void {
  change(editor, { stage: "ended", ended: performance.now(), error, ringing: "", talking: "" });
  if (error) editor.say(error);
}

// walk draws the way of the call, as far as it is in this draft.
function walk(editor: Editor, path: PathEntry[]): void {
  const known = editor.state.testCall?.path.length ?? 0, steps = path.flatMap((p, i) => (p.flow ? [] : [i + 1]));
  change(editor, { path });
  for (let i = known; i < path.length; i++) log(editor, "", { step: i });
  const now = path.at(-1), at = now && !now.flow ? editor.module(now.module) : undefined;
  editor.set({ shown: steps.length ? { path: steps.map((n) => path[n - 1]!), steps, upTo: steps.length, source: "call" } : null });
  if (path.length === known || !now) return;
  editor.say(`Now at ${now.name}`);
  if (!at) return;
  editor.set({ tab: tabOf(editor.state.flow, at) });
  requestAnimationFrame(() => editor.canvas?.show([at.id]));
}

// who tells of those who are rung and of who talks, when they are others.
function who(editor: Editor, t: Told): void {
  const c = editor.state.testCall!, ringing = (t.ringing ?? []).join(", "), talking = t.talking ?? "";
  change(editor, { ringing, talking });
  if (ringing && ringing !== c.ringing) log(editor, `Rings ${ringing}`);
  if (talking && talking !== c.talking) log(editor, `Talks with ${talking}`);
}
