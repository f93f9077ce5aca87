// The editor as components reach it.
import { createContext, useContext } from "react";
import type { Editor } from "../work/editor";
import type { State } from "../work/state";
import { useStore } from "../work/store";

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("outside of the editor");
  return editor;
}

export function useState$<T>(select: (s: State) => T): T {
  return useStore(useEditor(), select);
}
