// The settings form of a module. It comes from the server and stays as typed:
// it is fetched again only when the settings have changed by other hands or by
// undo.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Module, Problem } from "../types";
import { Refused } from "../work/api";
import { focusField, markProblems } from "./fields";
import { useEditor, useState$ } from "./use";
import { same } from "../model/json";
import { intoQueue } from "../work/turn";

const typingMs = 300;

// written is what stands in a form.
function written(form: HTMLFormElement): URLSearchParams {
  const out = new URLSearchParams();
  for (const [k, v] of new FormData(form)) if (typeof v === "string") out.append(k, v);
  return out;
}

export function Form({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), form = useRef<HTMLFormElement>(null), host = useRef<HTMLDivElement>(null);
  const [problems, field, fresh, held] = useState$((s) => [s.problems, s.field, s.fresh === m.id, s.held[m.id] ?? "auto"] as const);
  const [parsed, setParsed] = useState<Problem[]>([]), [failed, setFailed] = useState(""), [loaded, setLoaded] = useState(0);
  const shows = useRef<unknown>(undefined), timer = useRef(0), sent = useRef(0), sending = useRef<Promise<void>>(Promise.resolve()), last = useRef(""), focused = useRef(0), touched = useRef(new Set<string>());

  const transmit = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = 0;
    if (!form.current) return;
    const body = written(form.current);
    last.current = body.toString();
    body.set("kind", m.kind);
    const n = ++sent.current;
    try {
      const got = await editor.api.settings(body);
      if (n !== sent.current) return; // typed on meanwhile
      const base = shows.current, now = editor.module(m.id);
      if (now && now.kind !== m.kind) return; // somebody has turned it into another
      if (base !== undefined && now && !same(base, now.settings)) {
        shows.current = undefined; // whatever is chosen, the form shows it
        return editor.ask(m.id, base, got.settings);
      }
      shows.current = got.settings;
      editor.setSettings(m.id, got.settings, got.exits, got.subtitle);
      setParsed(got.problems ?? []);
      setFailed("");
    } catch (e) {
      if (n !== sent.current) return;
      if (e instanceof Refused) { setParsed((e.body["problems"] as Problem[] | undefined) ?? []); setFailed(e.body["problems"] ? "" : e.message); }
      else { setFailed("Not saved yet: the server cannot be reached. What you typed is kept."); timer.current = window.setTimeout(() => void send(), 3000); }
    }
  }, [editor, m.id, m.kind]);
  const send = useCallback(() => (sending.current = transmit()), [transmit]);

  useEffect(() => {
    if (shows.current !== undefined && (same(shows.current, m.settings) || timer.current)) return;
    let gone = false;
    void editor.api.form(m, editor.state.exits[m.id] ?? []).then((html) => {
      if (gone || !host.current) return;
      shows.current = m.settings;
      host.current.innerHTML = html; // made by our own server's templates
      if (!editor.editable) for (const f of host.current.querySelectorAll("fieldset")) f.disabled = true;
      last.current = written(form.current!).toString();
      setLoaded((n) => n + 1);
      setFailed("");
    }, (e: Error) => { if (!gone) setFailed(e.message); });
    return () => { gone = true; };
  }, [m.settings, editor]);

  // What was typed last is sent even when the panel closes at once. A layout
  // effect ends while the form still stands; any later there is none to read.
  useLayoutEffect(() => () => { if (timer.current) editor.leaving = send(); }, [editor, send]);
  useEffect(() => {
    const last = (e: BeforeUnloadEvent) => { if (!timer.current) return; void send(); e.preventDefault(); };
    addEventListener("beforeunload", last);
    return () => removeEventListener("beforeunload", last);
  }, [send]);

  useEffect(() => {
    if (!host.current || !loaded) return;
    const own = problems.filter((p) => p.module === m.id && p.field && !p.field.startsWith("exits."));
    const all = [...parsed, ...own.filter((p) => !parsed.some((q) => q.field === p.field))];
    markProblems(host.current, fresh ? all.filter((p) => touched.current.has((p.field ?? "").split(".")[0]!)) : all);
  }, [problems, parsed, loaded, fresh, m.id]);

  useEffect(() => {
    const at = field ?? (fresh && focused.current !== loaded ? "*" : null); // a first form begins at its beginning, once
    if (!host.current || !loaded || at === null || !editor.editable) return;
    focused.current = loaded;
    focusField(host.current, at);
    if (field !== null) editor.set({ field: null });
  }, [field, loaded, fresh, editor]);

  useEffect(() => {
    const mine = { settle: async () => { await (timer.current ? send() : sending.current); return timer.current === 0; } };
    editor.form = mine;
    return () => { if (editor.form === mine) editor.form = null; };
  }, [editor, send]);

  useEffect(() => { if (loaded) host.current?.querySelector("hold-router")?.setAttribute("held", held); }, [held, loaded]);

  const typed = (e: React.FormEvent) => {
    const name = (e.target as HTMLInputElement).name ?? "";
    if (name) touched.current.add(name.split(".")[0]!);
    clearTimeout(timer.current);
    timer.current = 0;
    // A field that is left tells of a change which was sent while it was typed.
    if (written(form.current!).toString() !== last.current) timer.current = window.setTimeout(() => void send(), typingMs);
  };
  useEffect(() => { // custom elements of a form dispatch change events of their own
    const el = form.current!;
    const heard = (e: Event) => typed(e as unknown as React.FormEvent);
    el.addEventListener("input", heard);
    el.addEventListener("change", heard);
    return () => { el.removeEventListener("input", heard); el.removeEventListener("change", heard); };
  }, [send]);
  useEffect(() => { // what a ring group's form asks for
    const el = form.current!;
    const crowded = (e: Event) => { e.preventDefault(); editor.popup({ is: "crowded", module: m.id, field: (e as CustomEvent<string>).detail }); };
    const wanted = (e: Event) => { if ((e.target as Element).closest("[data-into-queue]")) void intoQueue(editor, m.id); };
    el.addEventListener("crowded", crowded);
    el.addEventListener("click", wanted);
    return () => { el.removeEventListener("crowded", crowded); el.removeEventListener("click", wanted); };
  }, [editor, m.id]);
  return (
    <form ref={form} className="fe-form" noValidate onSubmit={(e) => { e.preventDefault(); void send(); if (fresh) { editor.set({ open: null, fresh: null }); editor.canvas?.focus(); } }} aria-label="Settings">
      {failed && <p className="fe-problem" role="alert">{failed}</p>}
      {!loaded && !failed && <p className="fe-hint">Loading…</p>}
      <div ref={host} data-form={m.kind} data-editable={editable} />
    </form>
  );
}
