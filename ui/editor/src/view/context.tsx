// What can be done to what is under the pointer, in a menu there: the same acts
// as the keys, with their names.
import { useEffect, useRef } from "react";
import { Items, walk, type MenuItem } from "./menu";
import { place } from "./picker";
import { useEditor } from "./use";
import { onCanvas } from "../work/keys";
import type { Editor } from "../work/editor";
import type { Point } from "../work/state";
import { align, copyByHand, frame, pasteByHand, putPaper, tidyUp } from "../work/arrange";
import { cableKey } from "../model/change";
import { cableAt, change } from "../model/edit";
import { tabsOf } from "../model/names";

export function ContextMenu({ screen, at, cable, close }: { screen: Point; at: Point; cable: string | undefined; close(): void }) {
  const editor = useEditor(), box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place(box.current!, screen);
    box.current!.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const out = (e: PointerEvent) => { if (!box.current?.contains(e.target as Node)) close(); };
    document.addEventListener("pointerdown", out, true);
    return () => document.removeEventListener("pointerdown", out, true);
  }, [screen, close]);
  const key = (e: React.KeyboardEvent) => {
    e.stopPropagation();
    if (walk(box.current!, e)) return;
    if (e.key === "Escape" || e.key === "Tab") { e.preventDefault(); close(); }
  };
  const list = cable !== undefined ? ofCable(editor, cable, screen) : editor.state.selected.length ? ofSelected(editor) : ofCanvas(editor, at, screen);
  return <div ref={box} className="fe-menu-list fe-context" role="menu" aria-label="What to do here" onKeyDown={key} onContextMenu={(e) => e.preventDefault()}><Items list={list} close={close} /></div>;
}

function ofCable(editor: Editor, cable: string, screen: Point): MenuItem[] {
  return [
    { text: "Insert a module…", act: () => editor.popup({ is: "add", at: null, screen, cable }) },
    { text: "Remove the cable", hint: "Del", danger: true, act: () => editor.removeSelected() },
  ];
}

function ofCanvas(editor: Editor, at: Point, screen: Point): MenuItem[] {
  return [
    { text: "Add a module…", hint: "/", act: () => editor.popup({ is: "add", at, screen }) },
    { text: "Add a note", act: () => putPaper(editor, "note", at) },
    { text: "Draw a frame", hint: "G", act: () => frame(editor) },
    { text: "Paste", hint: "Ctrl V", parts: true, act: () => void pasteByHand(editor, at) },
    { text: "Select all", hint: "Ctrl A", act: () => onCanvas(editor, "mod+a") },
    { text: "Tidy up", parts: true, act: () => void tidyUp(editor) },
    { text: "Show all", hint: "F", act: () => editor.canvas?.fit() },
  ];
}

function ofSelected(editor: Editor): MenuItem[] {
  const { flow, selected, exit } = editor.state, m = selected.length === 1 ? editor.module(selected[0]!) : undefined, modules = selected.filter((id) => editor.module(id)), paper = selected.length === 1 && !m;
  return [
    ...(m && exit !== null ? ofExit(editor, m.id, exit) : []),
    ...(m ? [{ text: "Settings", hint: "E", parts: exit !== null, act: () => editor.openSettings(m.id, "*") }] : []),
    ...(m && exit === null && editor.state.exits[m.id]?.length ? [{ text: "Connect to…", hint: "C", act: () => onCanvas(editor, "c") }, { text: "Add a module after…", hint: "N", act: () => onCanvas(editor, "n") }] : []),
    ...(paper ? [{ text: "Write", hint: "Enter", act: () => editor.set({ writing: selected[0]! }) }] : []),
    { text: "Copy", hint: "Ctrl C", parts: true, act: () => copyByHand(editor) },
    { text: "Duplicate", hint: "Ctrl D", act: () => onCanvas(editor, "mod+d") },
    { text: "Move by keys", hint: "M", act: () => onCanvas(editor, "m") },
    ...(tabsOf(flow).length > 1 ? [{ text: "Move to tab…", act: () => editor.popup({ is: "tab", ids: [...editor.carried(selected)] }) }] : []),
    ...(modules.length ? [{ text: "Frame around", hint: "G", act: () => frame(editor) }] : []),
    ...(modules.length > 1 ? [{ text: "Align left", parts: true, act: () => align(editor, "x") }, { text: "Align top", act: () => align(editor, "y") }] : []),
    ...(m ? [{ text: m.shelved ? "Take from the shelf" : "Shelve", parts: true, act: () => void editor.commit(`${m.shelved ? "Unshelve" : "Shelve"} ${m.name}`, change(flow, m.id, { shelved: !m.shelved })) }] : []),
    { text: "Remove", hint: "Del", parts: !m, danger: true, act: () => { editor.set({ exit: null }); editor.removeSelected(); } },
  ];
}

function ofExit(editor: Editor, id: string, exit: string): MenuItem[] {
  const cable = cableAt(editor.state.flow, id, exit), label = editor.label(id, exit), ends = editor.module(id)?.hang_up_here?.includes(exit);
  return [
    { text: cable ? `Insert after “${label}”…` : `Add after “${label}”…`, hint: "N", act: () => onCanvas(editor, "n") },
    { text: `Connect “${label}” to…`, hint: "C", act: () => onCanvas(editor, "c") },
    ...(cable ? [{ text: `Disconnect “${label}”`, hint: "Del", act: () => { editor.select([], [cableKey(cable)]); editor.removeSelected(); } }] : [{ text: ends ? "Do not hang up here" : "Hang up here", hint: "H", act: () => onCanvas(editor, "h") }]),
  ];
}
