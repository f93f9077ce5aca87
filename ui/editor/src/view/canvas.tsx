// The drawing itself: React Flow with our boxes and cables, told what to draw
// and listened to, never the keeper of anything.
import { useCallback, useLayoutEffect, useRef } from "react";
import { Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { boxes, lines, moduleDomId, type Box, type Line } from "./draw";
import { CableLine } from "./cable";
import { useCabling } from "./cabling";
import { ConnectionDraft } from "./connection";
import { useDragging } from "./dragging";
import { ModuleBox } from "./module";
import { FrameBox, NoteBox } from "./papers";
import { useEditor, useState$ } from "./use";
import { least, most, usePanning, useViewport } from "./viewport";
import { onKey, typing } from "../work/keys";
import { grid } from "../model/edit";

const nodeTypes = { module: ModuleBox, frame: FrameBox, note: NoteBox };
const edgeTypes = { cable: CableLine };
const snapGrid: [number, number] = [grid, grid];
const none: never[] = [];

export function Canvas() {
  const editor = useEditor();
  const flow = useReactFlow<Box, Line>(), store = useStoreApi<Box, Line>();
  const root = useRef<HTMLDivElement>(null);
  const [editable, mode] = useState$((s) => [s.mode === "edit" && s.rights.edit && !s.narrow, s.mode]);
  const drawn = useState$((s) => [s.flow, s.exits, s.subtitles, s.held, s.problems, s.tab, s.selected, s.cables, s.exit, s.shown, s.marks, s.differences, s.narrow, s.rights, s.catalog]);
  const laying = useStore((s) => s.connection.inProgress && s.connection.fromHandle.type === "source");
  const many = useState$((s) => s.flow.modules.length > 120);
  const away = useStore((s) => (s.transform[2] < 0.5 ? " fe-far" : s.transform[2] < 0.75 ? " fe-mid" : "")); // names grow; from afar shadows and small print are not drawn
  const chosen = useState$((s) => s.selected.length === 1 ? s.selected[0]! : null);
  const hand = useViewport(root), panning = usePanning(root);
  const dragging = useDragging(), { cancel, ...cabling } = useCabling();

  useLayoutEffect(() => {
    const { nodes, edges, setNodes, setEdges } = store.getState();
    const now = boxes(editor, nodes), laid = lines(editor, edges);
    if (now.length !== nodes.length || now.some((b, i) => b !== nodes[i])) setNodes(now);
    if (laid.length !== edges.length || laid.some((l, i) => l !== edges[i])) setEdges(laid);
  }, [drawn, editor, store]);

  // What is told may be older than what was chosen since: what stands counts.
  const choose = useCallback(() => {
    const { userSelectionRect: lasso, transform, ...all } = store.getState();
    const nodes = all.nodes.filter((n) => n.selected), edges = all.edges.filter((e) => e.selected);
    const caught = lasso ? nodes.filter((n) => n.type !== "frame" || encloses(lasso, n, transform)) : nodes;
    const ids = caught.map((n) => n.id), keys = edges.map((e) => e.id), s = editor.state;
    if (ids.length === s.selected.length && ids.every((id) => s.selected.includes(id)) && keys.join() === s.cables.join() && caught.length === nodes.length) return;
    editor.select(ids, keys, ids.length === 1 && s.selected[0] === ids[0] ? s.exit : null);
  }, [editor, store]);

  const quickAdd = useCallback((e: React.MouseEvent) => {
    const on = e.target as Element, cable = on.closest("[data-cable]")?.getAttribute("data-cable") ?? undefined;
    if (!editor.editable || !(cable !== undefined || on.matches(".react-flow__pane, .fe-frame"))) return;
    const at = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY });
    editor.popup({ is: "add", at: cable === undefined ? at : null, screen: { x: e.clientX, y: e.clientY }, ...(cable === undefined ? {} : { cable }) });
  }, [editor, flow]);
  const enter = useCallback((_: React.MouseEvent, n: Box) => { if (n.type === "module") editor.openSettings(n.id); }, [editor]);
  const click = useCallback((e: React.MouseEvent, n: Box) => {
    const exit = (e.target as Element).closest<HTMLElement>("[data-exit]")?.dataset["exit"];
    if (n.type === "module" && !e.shiftKey && !e.ctrlKey && !e.metaKey) { editor.select([n.id], [], exit ?? null); if (["edit", "version"].includes(editor.state.mode)) editor.set({ open: n.id, field: null }); }
    editor.canvas?.focus();
  }, [editor]);
  const menu = useCallback((e: React.MouseEvent) => {
    if (!editor.editable || typing(e.nativeEvent)) return;
    e.preventDefault();
    const on = (name: string) => (e.target as Element).closest(`[data-${name}]`)?.getAttribute("data-" + name) ?? null;
    const id = on("module") ?? on("frame") ?? on("note"), cable = on("cable"), keys = e.clientX === 0 && e.clientY === 0; // from the keyboard
    const r = root.current!.getBoundingClientRect(), screen = keys ? { x: r.x + r.width / 2, y: r.y + r.height / 3 } : { x: e.clientX, y: e.clientY };
    if (id && (!editor.state.selected.includes(id) || on("exit"))) editor.select([id], [], on("exit"));
    else if (cable) editor.select([], [cable]);
    else if (!id && !keys) editor.select([]);
    editor.popup({ is: "menu", screen, at: flow.screenToFlowPosition(screen), ...(cable ? { cable } : {}) });
  }, [editor, flow]);

  return (
    <div ref={root} className={"fe-canvas" + away + (laying ? " fe-cabling" : "")} role="application" aria-label="Canvas. Arrow keys walk the modules and their exits; question mark lists all keys." tabIndex={0} data-canvas=""
      aria-activedescendant={chosen ? moduleDomId(chosen) : undefined} onDoubleClick={quickAdd} onContextMenu={menu} onPointerMove={hand} onPointerLeave={hand}
      onKeyDown={(e) => { if (e.key === "Escape" && cancel()) e.preventDefault(); else onKey(editor, e.nativeEvent); }}
      onPointerDownCapture={(e) => { if (!(e.target as Element).closest("input, textarea, button, select")) editor.canvas?.focus(); }}>
      <ReactFlow<Box, Line> defaultNodes={none} defaultEdges={none} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
        minZoom={least} maxZoom={most} snapToGrid={mode === "edit"} snapGrid={snapGrid} proOptions={{ hideAttribution: true }}
        nodesDraggable={editable} nodesConnectable={editable} edgesReconnectable={editable} elementsSelectable nodesFocusable={false} edgesFocusable={false}
        disableKeyboardA11y deleteKeyCode={null} selectionKeyCode="Shift" multiSelectionKeyCode={["Shift", "Meta", "Control"]} panActivationKeyCode={null} selectionMode={SelectionMode.Partial}
        onlyRenderVisibleElements={many} zoomOnDoubleClick={false} panOnScroll zoomOnPinch connectOnClick={false} connectionRadius={28} reconnectRadius={14} nodeDragThreshold={3} elevateNodesOnSelect={false}
        connectionLineComponent={ConnectionDraft} {...cabling} {...dragging} {...panning} onSelectionChange={choose} onNodeDoubleClick={enter} onNodeClick={click}>
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

// encloses tells whether a frame stands wholly in a lasso: a lasso around
// modules in it means the modules.
function encloses(lasso: { x: number; y: number; width: number; height: number }, n: Box, [x, y, zoom]: [number, number, number]): boolean {
  const left = n.position.x * zoom + x, top = n.position.y * zoom + y;
  return left >= lasso.x && top >= lasso.y && left + (n.width ?? 0) * zoom <= lasso.x + lasso.width && top + (n.height ?? 0) * zoom <= lasso.y + lasso.height;
}
