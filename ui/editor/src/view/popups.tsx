// The small windows that open over the canvas, by what was asked for.
import { useMemo } from "react";
import type { Kind, Paper } from "../types";
import { lineOf, type ExitAt, type Point } from "../work/state";
import { Icon } from "./icons";
import { Picker, type Option } from "./picker";
import { Crowded } from "./crowded";
import { ContextMenu } from "./context";
import { Help } from "./help";
import { Publish } from "./publish";
import { Versions } from "./versions";
import { useEditor, useState$ } from "./use";
import { cableKey } from "../model/change";
import { depthFirst, outline } from "../model/outline";
import { tabOf, tabsOf } from "../model/names";
import { moveToTab, putPaper } from "../work/arrange";

export function Popups() {
  const editor = useEditor(), p = useState$((s) => s.popup);
  const close = useMemo(() => () => editor.popup(null), [editor]);
  switch (p?.is) {
    case "add": return <Add at={p.at} screen={p.screen} from={p.from} cable={p.cable} entries={p.entries} close={close} />;
    case "connect": return <Connect from={p.from} tab={p.tab} close={close} />;
    case "menu": return <ContextMenu screen={p.screen} at={p.at} cable={p.cable} close={close} />;
    case "find": return <Find close={close} />;
    case "tab": return <ToTab ids={p.ids} close={close} />;
    case "move call": return <MoveCall call={p.call} close={close} />;
    case "crowded": return <Crowded id={p.module} field={p.field} />;
    case "help": return <Help close={close} />;
    case "publish": return <Publish close={close} />;
    case "versions": return <Versions close={close} />;
    default: return null;
  }
}

export const kindOption = (k: Kind): Option => ({ id: k.kind, text: k.title, hint: k.text, words: (k.synonyms ?? []).join(" ") + " " + k.family, icon: <span className={"fe-kind fe-" + k.family}><Icon name={k.kind} family={k.family} /></span> });

function Add({ at, screen, from, cable, entries, close }: { at: Point | null; screen: Point | null; from: ExitAt | undefined; cable: string | undefined; entries: boolean | undefined; close(): void }) {
  const editor = useEditor(), kinds = useState$((s) => s.catalog.kinds);
  const wired = from !== undefined || cable !== undefined;
  const options = useMemo(() => kinds.filter((k) => (entries ? k.entry : !wired || !k.entry)).map(kindOption), [kinds, wired, entries]);
  const flow = useState$((s) => s.flow), laid = cable === undefined ? undefined : flow.cables.find((c) => cableKey(c) === cable), after = from ?? (laid && { module: laid.from, exit: laid.exit });
  const label = entries ? "Add a way in" : laid ? `Insert between “${editor.label(laid.from, laid.exit)}” and ${editor.nameOf(laid.to)}` : after ? `Add after “${editor.label(after.module, after.exit)}”` : "Add a module";
  const papers = useMemo(() => (wired || entries ? [] : paperOptions), [wired, entries]);
  const choose = (o: Option) => {
    const kind = editor.kind(o.id);
    if (kind) return editor.addModule(kind, at && { x: at.x, y: at.y }, { ...(from ? { from } : {}), ...(cable ? { cable } : {}) });
    editor.popup(null);
    putPaper(editor, o.id as "frame" | "note", at ?? undefined);
  };
  return <Picker label={label} options={[...options, ...papers]} choose={choose} close={close} at={screen} empty="No kind of module has that name" />;
}

const paperOptions: Option[] = [
  { id: "note", text: "Note", hint: "Words for colleagues, on the canvas", words: "comment sticky text", icon: <span className="fe-kind"><Icon name="note" /></span> },
  { id: "frame", text: "Frame", hint: "A named area, or one around what is selected", words: "group section box", icon: <span className="fe-kind"><Icon name="frame" /></span> },
];

// useModules lists modules as calls meet them.
function useModules(): Option[] {
  const editor = useEditor(), [flow, exits, subtitles, held] = useState$((s) => [s.flow, s.exits, s.subtitles, s.held] as const);
  return useMemo(() => {
    const tree = outline(flow, exits, editor.kind), tabs = tabsOf(flow);
    return depthFirst([...tree.entries, ...tree.apart]).map((m) => {
      const kind = editor.kind(m.kind), tab = tabs.length > 1 ? tabs.find((t) => t.id === tabOf(flow, m))?.name : "";
      return { id: m.id, text: m.name, hint: [kind?.title ?? m.kind, lineOf({ subtitles, held }, m.id), tab].filter(Boolean).join(" · "), words: (kind?.synonyms ?? []).join(" "), icon: <span className={"fe-kind fe-" + kind?.family}><Icon name={m.kind} family={kind?.family ?? ""} /></span> };
    });
  }, [flow, exits, subtitles, held, editor]);
}

const fresh = "+"; // no module has this id

function Connect({ from, tab, close }: { from: ExitAt; tab: string | undefined; close(): void }) {
  const editor = useEditor(), all = useModules(), flow = useState$((s) => s.flow), name = tabsOf(flow).find((t) => t.id === tab)?.name;
  const options = useMemo(() => {
    const here = tab === undefined ? all : all.filter((o) => tabOf(flow, editor.module(o.id)!) === tab);
    const out: Option[] = here.map((o) => ({ ...o, refused: editor.refusal(from.module, o.id) })).sort((a, b) => Number(!!a.refused) - Number(!!b.refused));
    return tab === undefined ? out : [...out, { id: fresh, text: `A new module on ${name}…`, icon: <span className="fe-kind"><Icon name="plus" /></span> }];
  }, [all, editor, from, tab, name, flow]);
  const choose = (o: Option) => {
    editor.popup(null);
    if (o.id !== fresh) { editor.connect(from.module, from.exit, o.id); return; }
    editor.goTab(tab!);
    editor.popup({ is: "add", at: null, screen: null, from });
  };
  return <Picker label={`Connect “${editor.label(from.module, from.exit)}” to${name ? " " + name : ""}`} options={options} choose={choose} close={close} />;
}

function MoveCall({ call, close }: { call: string; close(): void }) {
  const editor = useEditor(), options = useModules().filter((o) => !editor.kind(editor.module(o.id)!.kind)?.entry);
  const choose = (o: Option) => {
    editor.popup(null);
    editor.api.moveCall(call, o.id).then(() => editor.toast(`The call goes on at ${o.text}`), (e: Error) => editor.toast(e.message));
  };
  return <Picker label="Move the call to" options={options} choose={choose} close={close} />;
}

function Find({ close }: { close(): void }) {
  const editor = useEditor(), modules = useModules(), [notes, frames] = useState$((s) => [s.flow.notes, s.flow.frames] as const);
  const papers = (where: string, all: Paper[] | undefined): Option[] => (all ?? []).map((p) => ({ id: p.id, text: p.text.split("\n")[0] || where, hint: where, icon: <span className="fe-kind"><Icon name={where.toLowerCase()} /></span> }));
  const options = [...modules, ...papers("Note", notes), ...papers("Frame", frames)];
  const choose = (o: Option) => { editor.popup(null); editor.reveal(o.id); };
  return <Picker label="Find a module, note or frame" options={options} choose={choose} close={close} empty="Nothing in this flow fits" />;
}

function ToTab({ ids, close }: { ids: string[]; close(): void }) {
  const editor = useEditor(), [flow, tab] = useState$((s) => [s.flow, s.tab] as const);
  const options = tabsOf(flow).filter((t) => t.id !== tab).map((t) => ({ id: t.id, text: t.name, icon: <Icon name="jump" /> }));
  return <Picker label="Move to tab" options={options} choose={(o) => { editor.popup(null); moveToTab(editor, ids, o.id); }} close={close} empty="There is no other tab" />;
}
