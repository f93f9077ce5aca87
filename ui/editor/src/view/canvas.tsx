// The drawing itself: React Flow with our boxes and cables, told what to draw
// and listened to, never the keeper of anything.
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode, useReactFlow, useStore, useStoreApi, type Connection, type FinalConnectionState, type NodeChange } from "@xyflow/react";
import type { Cable } from "../types";
import { boxes, lines, moduleDomId, type Box, type Line } from "./draw";
import { CableLine } from "./cable";
import { ConnectionDraft } from "./connection";
import { ModuleBox } from "./module";
import { FrameBox, NoteBox } from "./papers";
import { useEditor, useState$ } from "./use";
import { onKey } from "../work/keys";
import { cableKey } from "../model/change";
import { boxWidth, grid, insert, place, reconnect, snap, type Place } from "../model/edit";
import { moveToTab } from "../work/arrange";

const nodeTypes = { module: ModuleBox, frame: FrameBox, note: NoteBox };
const edgeTypes = { cable: CableLine };
const fit = { padding: 0.18, maxZoom: 1, duration: 200 };
const snapGrid: [number, number] = [grid, grid];
const none: never[] = [];

const cableOf = (c: Connection | Line): Cable => ({ from: c.source, exit: c.sourceHandle ?? "", to: c.target });
const pointOf = (e: MouseEvent | TouchEvent) => ("changedTouches" in e ? { x: e.changedTouches[0]!.clientX, y: e.changedTouches[0]!.clientY } : { x: e.clientX, y: e.clientY });

// moduleAt and cableUnder look at what is drawn below a point of the screen.
export const moduleAt = (x: number, y: number): string | undefined => document.elementsFromPoint(x, y).map((e) => e.closest<HTMLElement>("[data-module]")?.dataset["module"]).find(Boolean);
export const cableUnder = (x: number, y: number): string | undefined => document.elementsFromPoint(x, y).map((e) => e.closest<SVGElement>("[data-cable]")?.dataset["cable"]).find(Boolean);

export function Canvas() {
  const editor = useEditor();
  const flow = useReactFlow<Box, Line>(), store = useStoreApi<Box, Line>();
  const root = useRef<HTMLDivElement>(null);
  const [editable, mode, tab, status] = useState$((s) => [s.mode === "edit" && s.rights.edit && !s.narrow, s.mode, s.tab, s.status]);
  const drawn = useState$((s) => [s.flow, s.exits, s.subtitles, s.held, s.problems, s.tab, s.selected, s.cables, s.exit, s.shown, s.marks, s.differences, s.narrow, s.rights, s.catalog]);
  const many = useState$((s) => s.flow.modules.length > 120);
  const far = useStore((s) => s.transform[2] < 0.5); // too far away to read: shadows and small print are not drawn
  const chosen = useState$((s) => s.selected.length === 1 ? s.selected[0]! : null);

  useLayoutEffect(() => {
    const { nodes, edges, setNodes, setEdges } = store.getState();
    const now = boxes(editor, nodes), laid = lines(editor, edges);
    if (now.length !== nodes.length || now.some((b, i) => b !== nodes[i])) setNodes(now);
    if (laid.length !== edges.length || laid.some((l, i) => l !== edges[i])) setEdges(laid);
  }, [drawn, editor, store]);

  useEffect(() => {
    editor.canvas = {
      fit: () => void flow.fitView(fit),
      centre: () => { const r = root.current!.getBoundingClientRect(); const p = flow.screenToFlowPosition({ x: r.x + r.width / 2, y: r.y + r.height / 2 }); return { x: p.x - boxWidth / 2, y: p.y - 48 }; },
      show: (ids) => show(ids),
      size: (id) => { const m = store.getState().nodeLookup.get(id)?.measured; return { w: m?.width ?? boxWidth, h: m?.height ?? 96 }; },
      focus: () => root.current?.focus({ preventScroll: true }),
    };
    // show moves the view only when what it shows is out of it.
    const show = (ids: string[]) => {
      const b = flow.getNodesBounds(ids), r = root.current!.getBoundingClientRect();
      const from = flow.flowToScreenPosition({ x: b.x, y: b.y }), to = flow.flowToScreenPosition({ x: b.x + b.width, y: b.y + b.height });
      if (b.width && from.x >= r.left + 8 && from.y >= r.top + 8 && to.x <= r.right - 8 && to.y <= r.bottom - 8) return;
      void flow.setCenter(b.x + b.width / 2, b.y + b.height / 2, { zoom: Math.max(0.6, Math.min(1, flow.getZoom())), duration: 200 });
    };
    return () => { editor.canvas = null; };
  }, [editor, flow, store]);

  // A tab, and a flow, opens with all of it in view.
  useEffect(() => {
    if (status !== "ready") return;
    const drawn = () => requestAnimationFrame(() => editor.set({ drawn: true }));
    const empty = store.getState().nodes.length === 0; // there is nothing to wait for
    requestAnimationFrame(() => requestAnimationFrame(() => void (empty ? Promise.resolve(true) : flow.fitView({ ...fit, duration: 0 })).then(drawn)));
  }, [tab, status, flow, store, editor]);

  const choose = useCallback(({ nodes, edges }: { nodes: Box[]; edges: Line[] }) => {
    const ids = nodes.map((n) => n.id), keys = edges.map((e) => e.id), s = editor.state;
    if (ids.join() === s.selected.join() && keys.join() === s.cables.join()) return;
    if (ids.length === s.selected.length && ids.every((id) => s.selected.includes(id)) && keys.join() === s.cables.join()) return;
    editor.select(ids, keys, ids.length === 1 && s.selected[0] === ids[0] ? s.exit : null);
  }, [editor]);

  const held = useRef<{ frame: string; at: { x: number; y: number }; inside: Map<string, { x: number; y: number }> }[]>([]);
  const dragStart = useCallback((_: unknown, __: Box, nodes: Box[]) => {
    const dragged = new Set(nodes.map((n) => n.id));
    held.current = nodes.filter((n) => n.type === "frame").map((f) => ({ frame: f.id, at: { ...f.position }, inside: insideOf(f, store.getState().nodes, dragged) }));
  }, [store]);
  const drag = useCallback((_: unknown, __: Box, nodes: Box[]) => {
    if (!held.current.length) return;
    const changes: NodeChange<Box>[] = [];
    for (const h of held.current) {
      const f = nodes.find((n) => n.id === h.frame);
      if (f) for (const [id, p] of h.inside) changes.push({ type: "position", id, position: { x: p.x + f.position.x - h.at.x, y: p.y + f.position.y - h.at.y } });
    }
    store.getState().triggerNodeChanges(changes);
  }, [store]);
  const dragStop = useCallback((e: MouseEvent | TouchEvent | React.MouseEvent, box: Box, nodes: Box[]) => {
    const native = "nativeEvent" in e ? e.nativeEvent : e, at = pointOf(native);
    const moved = new Set([...nodes.map((n) => n.id), ...held.current.flatMap((h) => [...h.inside.keys()])]);
    held.current = [];
    const tabButton = document.elementsFromPoint(at.x, at.y).map((x) => x.closest<HTMLElement>("[data-tab]")?.dataset["tab"]).find((t) => t !== undefined);
    if (tabButton !== undefined && tabButton !== editor.state.tab) { moveToTab(editor, [...moved], tabButton); return; }
    const to = new Map<string, Place>();
    for (const n of store.getState().nodes) if (moved.has(n.id)) to.set(n.id, { x: snap(n.position.x), y: snap(n.position.y) });
    const s = editor.state, changes = place(s.flow, to);
    if (!changes.length) return;
    const wired = nodes.length === 1 && box.type === "module" ? insertedAt(editor, box.id, at) : [];
    const name = moved.size === 1 ? (box.type === "module" ? editor.nameOf(box.id) : box.type!) : `${moved.size} items`;
    editor.commit(wired.length ? `Insert ${name}` : `Move ${name}`, [...changes, ...wired]);
  }, [editor, store]);

  const connected = useCallback((c: Connection) => { editor.connect(c.source, c.sourceHandle ?? "", c.target); }, [editor]);
  const dropped = useCallback((e: MouseEvent | TouchEvent, c: FinalConnectionState) => {
    if (c.isValid || !c.fromNode || c.fromHandle?.type !== "source") return;
    const at = pointOf(e), target = moduleAt(at.x, at.y), from = { module: c.fromNode.id, exit: c.fromHandle.id ?? "" };
    if (target) { if (target !== from.module || c.toHandle) editor.connect(from.module, from.exit, target); return; }
    if (!document.elementFromPoint(at.x, at.y)?.closest(".react-flow__pane")) return;
    const p = flow.screenToFlowPosition(at);
    editor.popup({ is: "add", at: { x: p.x, y: p.y - 24 }, screen: at, from });
  }, [editor, flow]);
  const valid = useCallback((c: Connection | Line) => !editor.refusal(c.source, c.target), [editor]);
  const recabled = useCallback((old: Line, now: Connection) => {
    const a = cableOf(old), b = cableOf(now);
    const reason = editor.refusal(b.from, b.to);
    if (reason) return editor.toast(reason);
    if (cableKey(a) !== cableKey(b) || a.to !== b.to) editor.commit(`Reconnect ${editor.nameOf(b.from)} to ${editor.nameOf(b.to)}`, reconnect(editor.state.flow, a, b));
  }, [editor]);
  const quickAdd = useCallback((e: React.MouseEvent) => {
    if (!editor.editable || !(e.target as Element).classList.contains("react-flow__pane")) return;
    editor.popup({ is: "add", at: flow.screenToFlowPosition({ x: e.clientX, y: e.clientY }), screen: { x: e.clientX, y: e.clientY } });
  }, [editor, flow]);
  const enter = useCallback((_: React.MouseEvent, n: Box) => { if (n.type === "module") editor.openSettings(n.id); }, [editor]);
  const click = useCallback((e: React.MouseEvent, n: Box) => {
    const exit = (e.target as Element).closest<HTMLElement>("[data-exit]")?.dataset["exit"];
    if (n.type === "module" && !e.shiftKey && !e.ctrlKey && !e.metaKey) { editor.select([n.id], [], exit ?? null); if (["edit", "version"].includes(editor.state.mode)) editor.set({ open: n.id, field: null }); }
    root.current?.focus({ preventScroll: true });
  }, [editor]);

  return (
    <div ref={root} className={"fe-canvas" + (far ? " fe-far" : "")} role="application" aria-label="Canvas. Arrow keys walk the modules and their exits; question mark lists all keys." tabIndex={0} data-canvas=""
      aria-activedescendant={chosen ? moduleDomId(chosen) : undefined} onKeyDown={(e) => onKey(editor, e.nativeEvent)} onDoubleClick={quickAdd}>
      <ReactFlow<Box, Line> defaultNodes={none} defaultEdges={none} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
        minZoom={0.25} maxZoom={2} snapToGrid={mode === "edit"} snapGrid={snapGrid} proOptions={{ hideAttribution: true }}
        nodesDraggable={editable} nodesConnectable={editable} edgesReconnectable={editable} elementsSelectable nodesFocusable={false} edgesFocusable={false}
        disableKeyboardA11y deleteKeyCode={null} selectionKeyCode="Shift" multiSelectionKeyCode={["Shift", "Meta", "Control"]} panActivationKeyCode={null} selectionMode={SelectionMode.Partial}
        onlyRenderVisibleElements={many} zoomOnDoubleClick={false} panOnScroll zoomOnPinch connectOnClick={false} connectionRadius={28} reconnectRadius={14} nodeDragThreshold={3} elevateNodesOnSelect={false}
        connectionLineComponent={ConnectionDraft} isValidConnection={valid} onConnect={connected} onConnectEnd={dropped} onReconnect={recabled}
        onNodeDragStart={dragStart} onNodeDrag={drag} onNodeDragStop={dragStop} onSelectionChange={choose} onNodeDoubleClick={enter} onNodeClick={click}>
        <Background variant={BackgroundVariant.Dots} gap={grid * 1.5} size={1.4} />
        <Overview />
      </ReactFlow>
    </div>
  );
}

function Overview() {
  const many = useState$((s) => s.flow.modules.length > 3 && !s.narrow);
  return many ? <MiniMap pannable zoomable ariaLabel="Overview" nodeBorderRadius={6} nodeClassName={(n) => "fe-mini fe-" + ((n.data as { family?: string }).family ?? n.type)} /> : null;
}

function insideOf(f: Box, all: Box[], dragged: Set<string>): Map<string, { x: number; y: number }> {
  const w = f.width ?? 0, h = f.height ?? 0, out = new Map<string, { x: number; y: number }>();
  for (const n of all) {
    if (n.id === f.id || dragged.has(n.id)) continue;
    const cx = n.position.x + (n.measured?.width ?? 0) / 2, cy = n.position.y + (n.measured?.height ?? 0) / 2;
    if (cx > f.position.x && cy > f.position.y && cx < f.position.x + w && cy < f.position.y + h) out.set(n.id, { ...n.position });
  }
  return out;
}

// insertedAt wires a module that was dropped on a cable, if nothing is wired
// to it yet.
function insertedAt(editor: ReturnType<typeof useEditor>, id: string, at: { x: number; y: number }) {
  const { flow, exits } = editor.state, m = editor.module(id);
  if (!m || editor.kind(m.kind)?.entry || flow.cables.some((c) => c.from === id || c.to === id)) return [];
  const key = cableUnder(at.x, at.y), cable = key === undefined ? undefined : flow.cables.find((c) => cableKey(c) === key);
  return cable ? insert(flow, cable, m, exits[id]?.find((e) => e.main)?.id) : [];
}
