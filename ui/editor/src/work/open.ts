// Opening the editor in each of its modes: what is fetched, and what is
// listened to as long as it is shown.
import type { ExitsOf, Flow, InForce, Mark, PathEntry, Editor as Colleague } from "../types";
import { compare, inWords } from "../model/words";
import { tabOf } from "../model/names";
import type { Editor } from "./editor";
import { keep, restore } from "./keep";
import { stream } from "./stream";

export interface Asked { call: string; version: string; from: string; to: string }

const nothing = () => {};

// open answers with what ends the listening.
export async function open(editor: Editor, asked: Asked): Promise<() => void> {
  try {
    editor.set({ status: "loading", catalog: await editor.api.catalog() });
    return await modes[editor.state.mode](editor, asked);
  } catch (e) {
    editor.set({ status: "failed", error: (e as Error).message });
    return nothing;
  }
}

const modes: Record<Editor["state"]["mode"], (editor: Editor, asked: Asked) => Promise<() => void>> = {
  async edit(editor) {
    const draft = await editor.api.draft();
    editor.take(draft);
    restore(editor, draft);
    lead(editor);
    const go = () => lead(editor), forget = keep(editor);
    addEventListener("hashchange", go);
    const end = stream(editor.api.presence, {
      presence: (d) => editor.set({ editors: (d as { editors?: Colleague[] }).editors ?? [] }),
      draft: (d) => editor.news((d as { revision: number }).revision),
      held: (d) => editor.set({ held: (d as { held: Record<string, string> }).held }),
    }, nothing);
    return () => { end(); forget(); removeEventListener("hashchange", go); };
  },
  async version(editor, { version }) {
    const v = await editor.api.version(version);
    look(editor, v.flow, v.exits, v.subtitles ?? {}, { title: `version ${version}` });
    return nothing;
  },
  async compare(editor, { from, to }) {
    const [a, b, told] = await Promise.all([one(editor, from), one(editor, to || "draft"), editor.api.compare(from, to || "draft")]);
    const { flow, differences } = compare(a.flow, b.flow);
    for (const m of told.modules) if (differences[m.id]) differences[m.id]!.fields = (m.told ?? []).map((f) => f.name);
    const words = inWords(told, (id) => flow.modules.find((m) => m.id === id)?.name ?? id);
    look(editor, flow, { ...a.exits, ...b.exits }, { ...a.subtitles, ...b.subtitles }, { title: `${named(from)} → ${named(to || "draft")}`, words });
    editor.set({ differences });
    return nothing;
  },
  async trace(editor, { call, version }) {
    const { flow, exits, subtitles, path, steps, call: ledger, ...facts } = await editor.api.trace(call, version);
    look(editor, flow, exits, subtitles ?? {}, { ...facts, title: facts["draft"] ? `draft ${String(facts["draft"])}` : `version ${facts.version}`, call_id: call, call_started: (ledger as { started?: string }).started });
    walk(editor, path ?? [], steps);
    const last = (path ?? []).at(-1);
    const at = last && flow.modules.find((m) => m.id === last.module);
    if (at) editor.set({ tab: tabOf(flow, at) });
    return facts.live ? follow(editor, call, version) : nothing;
  },
  async live(editor) {
    const d = await editor.api.draft();
    let drawn = -1;
    const draw = async (published: number) => {
      if (published === drawn) return;
      drawn = published;
      const tab = editor.state.tab, v = published ? await editor.api.version(String(published)) : d;
      look(editor, v.flow, v.exits, v.subtitles ?? {}, { title: published ? `live, version ${published}` : "not published", published });
      if (tab) editor.set({ tab: tabOf(v.flow, { tab }) });
    };
    await draw(d.published);
    editor.set({ held: d.held ?? {}, rights: d.rights });
    return stream(editor.api.live, {
      state: (all) => editor.set({ marks: (all as Mark[] | null) ?? [] }),
      flow: (now) => { editor.set({ held: (now as InForce).held ?? {} }); void draw((now as InForce).published).catch(() => { drawn = -1; }); },
    }, (connected) => editor.set({ connected }));
  },
};

// lead opens the module that the address names, at its field: #menu/audio.
function lead(editor: Editor): void {
  const [at = "", field] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const m = editor.module(at) ?? editor.module(at.replace(/^m-/, "")); // pages that list modules name them so
  if (m) editor.openSettings(m.id, field ?? null);
}

function look(editor: Editor, flow: Flow, exits: ExitsOf, subtitles: Record<string, string>, facts: Record<string, unknown>): void {
  editor.set({ status: "ready", flow, exits, subtitles, facts, tab: tabOf(flow, { tab: "" }) });
}

const walk = (editor: Editor, path: PathEntry[], steps: number[]): void => editor.set({ shown: { path, steps, upTo: path.length, source: "trace" } });

const lookAgainMs = 1000; // at the soonest

// follow draws a call that still runs as it goes on.
function follow(editor: Editor, call: string, version: string): () => void {
  let timer = 0, over = false;
  const see = async () => {
    timer = 0;
    try {
      const now = await editor.api.trace(call, version);
      if (over) return;
      walk(editor, now.path ?? [], now.steps);
      if (!now.live) end();
    } catch { soon(); }
  };
  const soon = () => { if (!over && !timer) timer = window.setTimeout(() => void see(), lookAgainMs); };
  const close = stream(editor.api.moves, { moved: soon }, nothing);
  const end = () => { over = true; clearTimeout(timer); close(); };
  return end;
}

const named = (v: string): string => (v === "draft" ? "draft" : `version ${v}`);
const one = async (editor: Editor, v: string) => (v === "draft" ? await editor.api.draft() : await editor.api.version(v));
