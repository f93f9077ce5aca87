// The element <flow-editor flow mode call version from to tidy handset>.
import { createRoot, type Root as ReactRoot } from "react-dom/client";
import { Api } from "./work/api";
import { Editor } from "./work/editor";
import { open } from "./work/open";
import { Root } from "./view/root";
import type { Mode } from "./types";

const narrow = matchMedia("(max-width: 1023px)");

class FlowEditor extends HTMLElement {
  private root: ReactRoot | null = null;
  private ends: (() => void)[] = [];

  connectedCallback(): void {
    const attr = (name: string) => this.getAttribute(name) ?? "";
    const editor = new Editor(new Api(attr("flow")), (attr("mode") || "edit") as Mode);
    editor.tidy = attr("tidy") || editor.tidy;
    editor.handset = attr("handset") || editor.handset;
    const fits = () => editor.set({ narrow: narrow.matches });
    fits();
    narrow.addEventListener("change", fits);
    this.ends.push(() => narrow.removeEventListener("change", fits));
    this.root = createRoot(this);
    this.root.render(<Root editor={editor} />);
    this.ends.push(() => editor.phone?.close());
    let gone = false;
    this.ends.push(() => { gone = true; });
    void open(editor, { call: attr("call"), version: attr("version"), from: attr("from"), to: attr("to") }).then((end) => { if (gone) end(); else this.ends.push(end); });
  }

  disconnectedCallback(): void {
    for (const end of this.ends.splice(0)) end();
    this.root?.unmount();
    this.root = null;
  }
}

customElements.define("flow-editor", FlowEditor);
