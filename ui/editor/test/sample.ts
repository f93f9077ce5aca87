// The flow that the claims are about.
import type { ExitsOf, Flow, Kind } from "../src/types";

const next = [{ id: "next", label: "next", main: true }], error = { id: "error", label: "error", main: false };

export const kinds: Kind[] = [
  { kind: "phone-number", title: "Phone Number", family: "Entries", entry: true, waits: false, text: "", synonyms: ["DID"], settings: { number: "" }, exits: [...next, error] },
  { kind: "voice-menu", title: "Voice Menu", family: "Audio", entry: false, waits: true, text: "", synonyms: ["IVR"], settings: { audio: "", entries: [] }, exits: [{ id: "no-input", label: "no input", main: true }, error] },
  { kind: "audio-playback", title: "Audio Playback", family: "Audio", entry: false, waits: false, text: "", synonyms: [], settings: { audio: "" }, exits: [...next, error] },
  { kind: "hangup", title: "Hang Up", family: "Endings", entry: false, waits: false, text: "", synonyms: [], settings: {}, exits: [] },
];
export const kind = (k: string): Kind | undefined => kinds.find((x) => x.kind === k);

export const flow: Flow = {
  id: "main", name: "Main line", tabs: [{ id: "t1", name: "Main" }, { id: "t2", name: "Support" }],
  modules: [
    { id: "in", kind: "phone-number", name: "Number", tab: "t1", settings: { number: "+15550100" } },
    { id: "menu", kind: "voice-menu", name: "Menu", tab: "t1", x: 320, settings: { audio: "a", entries: ["1"] } },
    { id: "play", kind: "audio-playback", name: "Sorry", x: 640, settings: { audio: "b" }, hang_up_here: ["next"] },
    { id: "bye", kind: "hangup", name: "Bye", tab: "t2", settings: {} },
  ],
  cables: [{ from: "in", exit: "next", to: "menu" }, { from: "menu", exit: "key:1", to: "play" }, { from: "menu", exit: "no-input", to: "menu" }],
  frames: [{ id: "f", tab: "t1", text: "Frame", x: 0, y: 0, w: 100, h: 100 }],
};
export const exits: ExitsOf = {
  in: kinds[0]!.exits, menu: [{ id: "key:1", label: "1", main: true }, ...kinds[1]!.exits], play: kinds[2]!.exits, bye: [],
};
