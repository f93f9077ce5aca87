// Short words that pass, and the live region that says what happened.
import { useEffect } from "react";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";

const shownMs = 10_000;

export function Toast() {
  const editor = useEditor(), [toast, said] = useState$((s) => [s.toast, s.said] as const);
  useEffect(() => {
    if (!toast) return;
    const t = setTimeout(() => editor.set({ toast: null }), shownMs);
    return () => clearTimeout(t);
  }, [toast, editor]);
  return (
    <>
      <div className="fe-unseen" aria-live="polite" data-said="">{said}</div>
      {toast && (
        <div className="fe-toast">
          <span dir="auto">{toast.text}</span>
          {toast.undo && <button type="button" className="fe-link" onClick={() => { editor.set({ toast: null }); editor.undo(); }}>Undo</button>}
          <button type="button" className="fe-button fe-square" aria-label="Dismiss" onClick={() => editor.set({ toast: null })}><Icon name="close" /></button>
        </div>
      )}
    </>
  );
}
