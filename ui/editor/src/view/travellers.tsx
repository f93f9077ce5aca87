// Live calls as marks: each moves over the cable by which it came to where it
// is, and rests at its end, closer together the less room there is. Where more
// than twenty stand on one cable, or nobody could tell them apart, a number takes
// their place.
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { Mark } from "../types";
import { cameBy } from "./draw";
import { useEditor, useState$ } from "./use";
import { choose } from "../work/live";

const tripMs = 900, many = 20, apart = 17, closest = 4, fromEnd = 18, freshMs = 4000;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export function Travellers({ cable, path }: { cable: string; path: string }) {
  const editor = useEditor();
  const [marks, chosen] = useState$((s) => [s.mode === "live" ? s.marks : none, s.call] as const);
  const here = useMemo(() => marks.filter((m) => cameBy(editor.state, m) === cable), [marks, cable, editor]);
  const length = useMemo(() => (here.length ? lengthOf(path) : 0), [path, here.length > 0]);
  if (!here.length) return null;
  const between = Math.min(apart, (length - fromEnd - 4) / Math.max(1, here.length - 1));
  if (here.length > many || between < closest) return <Counter path={path} at={length - fromEnd - 4} n={here.length} act={() => editor.select([], [cable])} />;
  const order = [...here].sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  return <>{order.map((m, i) => <Dot key={m.call} m={m} path={path} at={length - fromEnd - i * between} chosen={m.call === chosen} act={() => choose(editor, m.call)} />)}</>;
}

const none: Mark[] = [];

function lengthOf(d: string): number {
  const p = document.createElementNS("http://www.w3.org/2000/svg", "path");
  p.setAttribute("d", d);
  return p.getTotalLength();
}

// stop keeps a click on a mark from choosing the cable below it.
const stop = (act: () => void) => ({ onPointerDown: (e: React.PointerEvent) => e.stopPropagation(), onClick: (e: React.MouseEvent) => { e.stopPropagation(); act(); } });

function Dot({ m, path, at, chosen, act }: { m: Mark; path: string; at: number; chosen: boolean; act(): void }) {
  const ref = useRef<SVGGElement>(null);
  useLayoutEffect(() => { ref.current!.style.offsetPath = `path("${path}")`; }, [path]);
  useLayoutEffect(() => { ref.current!.style.offsetDistance = at + "px"; }, [at]);
  useEffect(() => { // one that has just come travels the whole way
    if (still.matches || Date.now() - Date.parse(m.since) > freshMs) return;
    const a = ref.current!.animate([{ offsetDistance: "0px" }, { offsetDistance: at + "px" }], { duration: tripMs, easing: "ease-in-out" });
    return () => a.cancel();
  }, [m.since]);
  return (
    <g ref={ref} className={"fe-mark" + (chosen ? " fe-chosen" : "")} data-mark={m.call} {...stop(act)}>
      <title>{m.caller || "Withheld"}</title>
      <circle className="fe-reach" r={12} />
      <circle r={6.5} />
    </g>
  );
}

function Counter({ path, at, n, act }: { path: string; at: number; n: number; act(): void }) {
  const ref = useRef<SVGGElement>(null);
  useLayoutEffect(() => { Object.assign(ref.current!.style, { offsetPath: `path("${path}")`, offsetDistance: Math.max(at, 0) + "px" }); }, [path, at]);
  return <g ref={ref} className="fe-mark fe-many" data-marks={n} {...stop(act)}><title>{n} calls</title><rect x={-15} y={-11} width={30} height={22} rx={11} /><text textAnchor="middle" dy={4}>{n}</text></g>;
}
