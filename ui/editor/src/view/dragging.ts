// Dragging what stands on the canvas: frames take along what is in them, a
// loose module goes into the cable it is dropped on, and onto a tab it moves
// there.
import { useCallback, useRef } from "react";
import { useStoreApi, type NodeChange } from "@xyflow/react";
import type { Box, Line } from "./draw";
import { insertable, light, tabOver, tabUnder } from "./target";
import { useEditor } from "./use";
import { moveToTab } from "../work/arrange";
import { insert, place, snap, type Place } from "../model/edit";

interface Held { frame: string; at: { x: number; y: number }; inside: Map<string, { x: number; y: number }> }
type Pointer = MouseEvent | TouchEvent | React.MouseEvent;

export const pointOf = (e: Pointer) => { const n = "nativeEvent" in e ? e.nativeEvent : e; return "changedTouches" in n ? { x: n.changedTouches[0]!.clientX, y: n.changedTouches[0]!.clientY } : { x: n.clientX, y: n.clientY }; };

export function useDragging() {
  const editor = useEditor(), store = useStoreApi<Box, Line>();
  const held = useRef<Held[]>([]);

  const onNodeDragStart = useCallback((_: Pointer, __: Box, nodes: Box[]) => {
    const dragged = new Set(nodes.map((n) => n.id)), { nodeLookup } = store.getState();
    held.current = nodes.filter((n) => n.type === "frame").map((f) => ({
      frame: f.id, at: { ...f.position },
      inside: new Map([...editor.carried([f.id])].filter((id) => !dragged.has(id) && nodeLookup.has(id)).map((id) => [id, { ...nodeLookup.get(id)!.position }])),
    }));
  }, [editor, store]);

  const onNodeDrag = useCallback((e: Pointer, box: Box, nodes: Box[]) => {
    const at = pointOf(e), tab = tabOver(editor, "nativeEvent" in e ? e.nativeEvent : e, at);
    if (tab !== undefined) light("tab", tab);
    else if (nodes.length === 1 && box.type === "module") { const c = insertable(editor, box.id, at.x, at.y); light("cable", c && c.from + " " + c.exit); } else light(null);
    if (!held.current.length) return;
    const changes: NodeChange<Box>[] = [];
    for (const h of held.current) {
      const f = nodes.find((n) => n.id === h.frame);
      if (f) for (const [id, p] of h.inside) changes.push({ type: "position", id, position: { x: p.x + f.position.x - h.at.x, y: p.y + f.position.y - h.at.y } });
    }
    store.getState().triggerNodeChanges(changes);
  }, [editor, store]);

  const onNodeDragStop = useCallback((e: Pointer, box: Box, nodes: Box[]) => {
    light(null);
    const at = pointOf(e), moved = new Set([...nodes.map((n) => n.id), ...held.current.flatMap((h) => [...h.inside.keys()])]);
    held.current = [];
    const tab = tabUnder(editor, at.x, at.y);
    if (tab !== undefined) return moveToTab(editor, [...moved], tab);
    const to = new Map<string, Place>();
    for (const n of store.getState().nodes) if (moved.has(n.id)) to.set(n.id, { x: snap(n.position.x), y: snap(n.position.y) });
    const s = editor.state, changes = place(s.flow, to);
    if (!changes.length) return;
    const cable = nodes.length === 1 && box.type === "module" ? insertable(editor, box.id, at.x, at.y) : undefined;
    const wired = cable ? insert(s.flow, cable, editor.module(box.id)!, s.exits[box.id]?.find((x) => x.main)?.id) : [];
    const name = moved.size === 1 ? (box.type === "module" ? editor.nameOf(box.id) : box.type!) : `${moved.size} items`;
    editor.commit(cable ? `Insert ${name}` : `Move ${name}`, [...changes, ...wired]);
  }, [editor, store]);

  return { onNodeDragStart, onNodeDrag, onNodeDragStop };
}
