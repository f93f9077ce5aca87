// The settings form of a module. It comes from the server and stays as typed:
// it is fetched again only when the settings have changed by other hands or by
// undo.
import { useEffect, useRef, useState } from "react";
import type { Module, Problem } from "../types";
import { focusField, markProblems } from "./fields";
import { useEditor, useState$ } from "./use";
import { same } from "../model/json";
import { ofModule } from "../model/problems";
import { intoQueue } from "../work/turn";

const againMs = 3000;

// written is what stands in a form.
function written(form: HTMLFormElement): string {
  const out = new URLSearchParams();
  for (const [k, v] of new FormData(form)) if (typeof v === "string") out.append(k, v);
  return out.toString();
}

export function Form({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), form = useRef<HTMLFormElement>(null), host = useRef<HTMLDivElement>(null);
  const [problems, field, fresh, held] = useState$((s) => [s.problems, s.field, s.fresh === m.id, s.held[m.id] ?? "auto"] as const);
  const [parsed, setParsed] = useState<Problem[]>([]), [failed, setFailed] = useState(""), [loaded, setLoaded] = useState(0);
  const shows = useRef<unknown>(undefined), last = useRef(""), focused = useRef(0), touched = useRef(new Set<string>());

  useEffect(() => {
    const typing = editor.typed.of(m.id);
    if (shows.current !== undefined && (typing || same(shows.current, m.settings))) return;
    const ready = (settings: unknown) => {
      shows.current = settings;
      if (!editor.editable) for (const f of host.current!.querySelectorAll("fieldset")) f.disabled = true;
      last.current = written(form.current!);
      setLoaded((n) => n + 1);
      setParsed(editor.state.unread.filter((p) => p.module === m.id));
    };
    if (typing?.form && typing.kind === m.kind) { // left with words in it that are not in the draft yet
      host.current!.replaceChildren(...typing.form);
      ready(typing.base);
      return setFailed(typing.failed);
    }
    let gone = false, timer = 0;
    const fetch = () => void editor.api.form(m, editor.state.exits[m.id] ?? []).then((html) => {
      if (gone || (shows.current !== undefined && editor.typed.of(m.id))) return; // typed on meanwhile
      host.current!.innerHTML = html; // made by our own server's templates
      ready(m.settings);
      setFailed("");
    }, (e: Error) => {
      if (gone) return;
      setFailed(e.message);
      timer = window.setTimeout(fetch, againMs);
    });
    fetch();
    return () => { gone = true; clearTimeout(timer); };
  }, [m.settings, editor]);

  useEffect(() => {
    const el = host.current!;
    return () => { const typing = editor.typed.of(m.id); if (typing) typing.form = [...el.childNodes]; };
  }, [editor, m.id]);

  useEffect(() => {
    const mine = {
      id: m.id,
      took: (settings: unknown, found: Problem[]) => { shows.current = settings; setParsed(found); setFailed(""); },
      told: (found: Problem[], why: string) => { setParsed(found); setFailed(why); },
    };
    editor.form = mine;
    return () => { if (editor.form === mine) editor.form = null; };
  }, [editor, m.id]);

  useEffect(() => {
    if (!host.current || !loaded) return;
    const own = ofModule(problems, m.id).filter((p) => p.inForm);
    const all = [...parsed, ...own.filter((p) => !parsed.some((q) => q.field === p.field))];
    markProblems(host.current, fresh ? all.filter((p) => touched.current.has((p.field ?? "").split(".")[0]!)) : all);
  }, [problems, parsed, loaded, fresh, m.id]);

  useEffect(() => {
    const at = field ?? (fresh && focused.current !== loaded ? "*" : null); // a first form begins at its beginning, once
    if (!host.current || !loaded || at === null || !editor.editable) return;
    if (!focusField(host.current, at)) return; // not a field of the form
    focused.current = loaded;
    if (field !== null) editor.set({ field: null });
  }, [field, loaded, fresh, editor]);

  // What has the focus beside the form stays in view when the form comes.
  useEffect(() => { if (loaded) form.current!.closest(".fe-inspector-body")?.querySelector("[data-beside]:focus")?.scrollIntoView({ block: "nearest" }); }, [loaded]);

  useEffect(() => { if (loaded) host.current?.querySelector("hold-router")?.setAttribute("held", held); }, [held, loaded]);

  useEffect(() => { // custom elements of a form dispatch change events of their own
    const el = form.current!;
    const typed = (e: Event) => {
      const name = (e.target as HTMLInputElement).name ?? "", body = written(el);
      if (name) touched.current.add(name.split(".")[0]!);
      if (body === last.current) return; // a field that is left tells of a change which was heard while it was typed
      last.current = body;
      editor.typed.type(m.id, m.kind, shows.current, body);
    };
    el.addEventListener("input", typed);
    el.addEventListener("change", typed);
    return () => { el.removeEventListener("input", typed); el.removeEventListener("change", typed); };
  }, [editor, m.id, m.kind]);
  useEffect(() => { // what a ring group's form asks for
    const el = form.current!;
    const crowded = (e: Event) => { e.preventDefault(); editor.popup({ is: "crowded", module: m.id, field: (e as CustomEvent<string>).detail }); };
    const wanted = (e: Event) => { if ((e.target as Element).closest("[data-into-queue]")) void intoQueue(editor, m.id); };
    el.addEventListener("crowded", crowded);
    el.addEventListener("click", wanted);
    return () => { el.removeEventListener("crowded", crowded); el.removeEventListener("click", wanted); };
  }, [editor, m.id]);
  return (
    <form ref={form} className="fe-form" noValidate onSubmit={(e) => { e.preventDefault(); void editor.typed.settle(); if (fresh) { editor.set({ open: null, fresh: null }); editor.canvas?.focus(); } }} aria-label="Settings">
      {failed && <p className="fe-problem" role="alert">{failed}</p>}
      {!loaded && !failed && <p className="fe-hint">Loading…</p>}
      <div ref={host} data-form={m.kind} data-editable={editable} />
    </form>
  );
}
