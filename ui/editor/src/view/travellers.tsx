// Live calls that pass from one module to the next, as marks moving over the
// cable. Above twenty at once a number stands in their place.
import { useEffect, useRef, useState } from "react";
import { useEditor } from "./use";

interface Passing { call: string; n: number }
const tripMs = 900, many = 20;

export function Travellers({ from, to, path }: { from: string; to: string; path: string }) {
  const editor = useEditor();
  const [passing, setPassing] = useState<Passing[]>([]);
  useEffect(() => {
    if (editor.state.mode !== "live") return;
    let n = 0, was = new Map(editor.state.marks.map((m) => [m.call, m.module])), last = editor.state.marks;
    return editor.subscribe(() => {
      if (editor.state.marks === last) return;
      last = editor.state.marks;
      const fresh = last.filter((m) => m.module === to && was.get(m.call) === from).map((m) => ({ call: m.call, n: ++n }));
      was = new Map(last.map((m) => [m.call, m.module]));
      if (fresh.length) setPassing((all) => [...all, ...fresh]);
    });
  }, [editor, from, to]);
  if (!passing.length) return null;
  const done = (p: Passing) => setPassing((all) => all.filter((x) => x !== p));
  const first = passing[0]!;
  if (passing.length > many) return <Mark key={first.n} path={path} text={String(passing.length)} done={() => setPassing([])} />;
  return <>{passing.map((p) => <Mark key={p.call + p.n} path={path} text="" done={() => done(p)} />)}</>;
}

function Mark({ path, text, done }: { path: string; text: string; done(): void }) {
  const ref = useRef<SVGGElement>(null);
  useEffect(() => {
    const g = ref.current!;
    g.style.offsetPath = `path("${path}")`;
    const a = g.animate([{ offsetDistance: "0%" }, { offsetDistance: "100%" }], { duration: tripMs, easing: "ease-in-out", fill: "forwards" });
    a.onfinish = done;
    return () => a.cancel();
  }, []); // one trip; what changes meanwhile is not worth a jump
  return <g ref={ref} className="fe-mark"><circle r={text ? 10 : 6} />{text && <text textAnchor="middle" dy={4}>{text}</text>}</g>;
}
