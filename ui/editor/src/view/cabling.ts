// Laying cables by hand: from an exit to a module, to nowhere (which asks what
// comes next), to another tab (which asks which of its modules), and either
// end of a cable to elsewhere.
import { useCallback, useRef } from "react";
import { useReactFlow, useStoreApi, type Connection, type FinalConnectionState } from "@xyflow/react";
import type { Cable } from "../types";
import type { Box, Line } from "./draw";
import { pointOf } from "./dragging";
import { light, moduleAt, overCanvas, tabUnder } from "./target";
import { useEditor } from "./use";
import { cableKey } from "../model/change";
import { reconnect } from "../model/edit";

const cableOf = (c: Connection | Line): Cable => ({ from: c.source, exit: c.sourceHandle ?? "", to: c.target });

export function useCabling() {
  const editor = useEditor(), flow = useReactFlow<Box, Line>(), store = useStoreApi<Box, Line>();
  const dropped = useRef(false); // Escape was pressed: what is let go means nothing

  const onConnectStart = useCallback(() => { dropped.current = false; }, []);
  const onConnect = useCallback((c: Connection) => { if (!dropped.current) editor.connect(c.source, c.sourceHandle ?? "", c.target); }, [editor]);
  const isValidConnection = useCallback((c: Connection | Line) => !editor.refusal(c.source, c.target), [editor]);

  const onConnectEnd = useCallback((e: MouseEvent | TouchEvent, c: FinalConnectionState) => {
    light(null);
    if (dropped.current || c.isValid || !c.fromNode || c.fromHandle?.type !== "source") return;
    const at = pointOf(e), target = moduleAt(at.x, at.y), from = { module: c.fromNode.id, exit: c.fromHandle.id ?? "" }, tab = tabUnder(editor, at.x, at.y);
    if (tab !== undefined) return editor.popup({ is: "connect", from, tab });
    if (target !== undefined) { if (target !== from.module || c.toHandle?.type === "target") editor.connect(from.module, from.exit, target); return; }
    if (!overCanvas(at.x, at.y)) return;
    const p = flow.screenToFlowPosition(at);
    editor.popup({ is: "add", at: { x: p.x, y: p.y - 24 }, screen: at, from });
  }, [editor, flow]);

  const onReconnect = useCallback((old: Line, now: Connection) => {
    const a = cableOf(old), b = cableOf(now), reason = editor.refusal(b.from, b.to);
    if (dropped.current) return;
    if (reason) return editor.toast(reason);
    if (cableKey(a) !== cableKey(b) || a.to !== b.to) editor.commit(`Reconnect ${editor.nameOf(b.from)} to ${editor.nameOf(b.to)}`, reconnect(editor.state.flow, a, b));
  }, [editor]);

  // cancel lets go of the cable in the hand, and is false when there is none.
  const cancel = useCallback((): boolean => {
    if (!store.getState().connection.inProgress) return false;
    dropped.current = true;
    light(null);
    store.getState().cancelConnection();
    return true;
  }, [store]);

  return { onConnectStart, onConnect, isValidConnection, onConnectEnd, onReconnect, cancel };
}
