// What part of the drawing is seen: each tab comes back as it was left, and
// what is chosen elsewhere is brought into view by the shortest way.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from "react";
import { useReactFlow, useStoreApi, type OnMove, type Viewport } from "@xyflow/react";
import type { Box, Line } from "./draw";
import { useEditor, useState$ } from "./use";
import { boxWidth } from "../model/edit";
import type { Point } from "../work/state";

export const least = 0.25, most = 2; // zoom
const legible = 0.5; // words can be read from here on
const margin = 24;
export const gently = (ms: number): number => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : ms);
const fitting = (ms: number) => ({ padding: 0.18, maxZoom: 1, duration: gently(ms) });

// useViewport moves the view, and answers what notes where the pointer is.
export function useViewport(root: RefObject<HTMLDivElement | null>): (e: React.PointerEvent) => void {
  const editor = useEditor(), flow = useReactFlow<Box, Line>(), store = useStoreApi<Box, Line>();
  const [tab, status, open, narrow] = useState$((s) => [s.tab, s.status, s.open, s.narrow]);
  const left = useRef(new Map<string, Viewport>()), arriving = useRef(false), wanted = useRef<string[] | null>(null), hand = useRef<Point | null>(null), aim = useRef({ at: -Infinity, zoom: 1 });

  useLayoutEffect(() => {
    const middle = () => { const r = root.current!.getBoundingClientRect(); return flow.screenToFlowPosition({ x: r.x + r.width / 2, y: r.y + r.height / 2 }); };
    const show = (ids: string[]) => {
      if (arriving.current) { wanted.current = ids; return; }
      const b = flow.getNodesBounds(ids), r = root.current!.getBoundingClientRect(), v = flow.getViewport();
      if (!b.width) return;
      const from = flow.flowToScreenPosition({ x: b.x, y: b.y }), to = { x: from.x + b.width * v.zoom, y: from.y + b.height * v.zoom };
      const by = (a: number, z: number, low: number, high: number) => (a < low + margin ? low + margin - a : z > high - margin ? Math.max(high - margin - z, low + margin - a) : 0);
      const dx = by(from.x, to.x, r.left, r.right), dy = by(from.y, to.y, r.top, r.bottom);
      if (!dx && !dy) return;
      const near = Math.abs(dx) < r.width && Math.abs(dy) < r.height && v.zoom >= legible;
      void (near ? flow.setViewport({ x: v.x + dx, y: v.y + dy, zoom: v.zoom }, { duration: gently(160) })
        : flow.setCenter(b.x + b.width / 2, b.y + b.height / 2, { zoom: Math.max(0.6, Math.min(1, v.zoom)), duration: gently(200) }));
    };
    editor.canvas = {
      show,
      fit: () => void flow.fitView(fitting(200)),
      zoom: (by) => {
        const now = performance.now(), from = now - aim.current.at < 200 ? aim.current.zoom : flow.getZoom(); // a step on the way counts from where it leads
        aim.current = { at: now, zoom: by ? Math.min(most, Math.max(least, from * by)) : 1 };
        void flow.zoomTo(aim.current.zoom, { duration: gently(120) });
      },
      centre: () => { const p = middle(); return { x: p.x - boxWidth / 2, y: p.y - 48 }; },
      hand: () => hand.current && flow.screenToFlowPosition(hand.current),
      size: (id) => { const m = store.getState().nodeLookup.get(id)?.measured; return { w: m?.width ?? boxWidth, h: m?.height ?? 96 }; },
      focus: () => root.current?.focus({ preventScroll: true }),
    };
    return () => { editor.canvas = null; };
  }, [editor, flow, store, root]);

  // A tab opens with all of it in view, and later as it was left; on a small
  // screen and a large one each.
  useLayoutEffect(() => {
    if (status !== "ready") return;
    arriving.current = true;
    const place = tab + (narrow ? " narrow" : "");
    let gone = false;
    const arrived = () => {
      if (gone) return;
      arriving.current = false;
      if (wanted.current) editor.canvas?.show(wanted.current);
      wanted.current = null;
      requestAnimationFrame(() => editor.set({ drawn: true }));
    };
    const arrive = async () => {
      const was = left.current.get(place), { nodes } = store.getState();
      if (was) await flow.setViewport(was);
      else if (nodes.length) await flow.fitView(fitting(0)); // of nothing there is nothing to wait for
      if (!was && narrow && flow.getZoom() < legible) await flow.setViewport(fromTheStart(nodes, root.current!.clientHeight));
    };
    requestAnimationFrame(() => requestAnimationFrame(() => void arrive().then(arrived)));
    return () => { gone = true; if (!arriving.current) left.current.set(place, flow.getViewport()); };
  }, [tab, narrow, status, flow, store, editor, root]);

  // Settings that open beside the canvas do not cover what they are about.
  useEffect(() => { if (open) requestAnimationFrame(() => editor.canvas?.show([open])); }, [open, editor]);
  useEffect(() => { if (status === "ready" && document.activeElement === document.body && editor.editable) root.current!.focus({ preventScroll: true, focusVisible: false } as FocusOptions); }, [status, editor, root]); // keys work at once
  return useCallback((e: React.PointerEvent) => { hand.current = e.type === "pointerleave" || e.pointerType === "touch" ? null : { x: e.clientX, y: e.clientY }; }, []);
}

// usePanning marks the canvas once the view is dragged, not when it is pressed:
// where nothing can be dragged, a press on a module begins with the same event.
export function usePanning(root: RefObject<HTMLDivElement | null>): { onMove: OnMove; onMoveEnd: OnMove } {
  return useMemo(() => ({
    onMove: (e) => { if (e?.type === "mousemove" || e?.type === "touchmove") root.current!.toggleAttribute("data-panning", true); },
    onMoveEnd: () => { root.current?.removeAttribute("data-panning"); },
  }), [root]);
}

// fromTheStart shows, on a small screen, where calls come in at a size that
// can be read.
function fromTheStart(nodes: Box[], height: number): Viewport {
  const entries = nodes.filter((n) => n.type === "module" && n.data.entry), all = entries.length ? entries : nodes;
  const first = all.reduce((a, b) => (b.position.x < a.position.x ? b : a));
  return { x: margin - first.position.x * legible, y: height / 3 - first.position.y * legible, zoom: legible };
}
