// A store that React reads piece by piece: a component draws again only when
// the piece it selected has changed.
import { useRef, useSyncExternalStore } from "react";

export class Store<S extends object> {
  private heard = new Set<() => void>();
  constructor(public state: S) {}

  set(patch: Partial<S>): void {
    this.state = { ...this.state, ...patch };
    for (const f of [...this.heard]) f();
  }
  subscribe = (f: () => void): (() => void) => { this.heard.add(f); return () => this.heard.delete(f); };
}

export function useStore<S extends object, T>(store: Store<S>, select: (s: S) => T): T {
  const last = useRef<{ value: T } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const value = select(store.state);
    if (last.current && shallow(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  });
}

function shallow(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((v, i) => Object.is(v, b[i]));
}
