// One test call as this machine has it: a socket to the panel, a microphone if
// it may be used, and an ear. What it hears of the call it only passes on.
import type { Told } from "../types";

export interface Listener {
  told(t: Told): void;
  levels(said: number, heard: number): void;
  mute(why: string): void; // there is no microphone: the call goes on with silence
  gone(): void; // the socket is closed, whatever was told before
}

const noMicrophone = {
  refused: "The microphone may not be used: the line hears silence. Allow it in the browser for the next call.",
  missing: "There is no microphone: the line hears silence.",
  unsafe: "A browser lends its microphone to localhost and to pages by TLS alone: the line hears silence.",
};

const congested = 16_000; // bytes that wait to be sent: two seconds of speech, which would be late anyway

export class Phone {
  private socket: WebSocket | null = null;
  private microphone: MediaStream | null = null;
  private handset: AudioWorkletNode | null = null;
  private over = false;

  // The context is made at once, while the click that asked for it still counts.
  constructor(private to: Listener, private audio = new AudioContext({ latencyHint: "interactive" })) {}

  // call asks for the microphone, then opens the socket and dials.
  async call(address: string, handset: string, dial: unknown): Promise<void> {
    await Promise.all([this.audio.audioWorklet.addModule(handset), this.audio.resume()]);
    await this.listen();
    if (this.over) return this.quiet();
    this.handset = new AudioWorkletNode(this.audio, "handset", { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1], channelCount: 1, channelCountMode: "explicit" });
    this.handset.connect(this.audio.destination);
    if (this.microphone) this.audio.createMediaStreamSource(this.microphone).connect(this.handset);
    this.handset.port.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.say(data);
      else this.to.levels(data.said, data.heard);
    };
    this.open(address, dial);
  }

  press(key: string): void { this.order({ key }); }
  set muted(muted: boolean) { this.handset?.port.postMessage({ muted }); }

  // hangUp asks for the end, and asked again takes it; what became of the call is
  // still told.
  hangUp(): void {
    if (this.over || this.socket?.readyState !== WebSocket.OPEN) return this.close();
    this.order({ hangup: true });
    this.quiet();
  }

  // quiet lets go of microphone and ear.
  quiet(): void {
    this.over = true;
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.handset?.port.postMessage({ over: true });
    this.handset?.disconnect();
    this.microphone = this.handset = null;
    this.to.levels(0, 0);
    if (this.audio.state !== "closed") void this.audio.close();
  }

  close(): void {
    this.quiet();
    this.socket?.close();
  }

  private async listen(): Promise<void> {
    if (!navigator.mediaDevices?.getUserMedia) return this.to.mute(noMicrophone.unsafe);
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    } catch (e) {
      this.to.mute((e as DOMException).name === "NotAllowedError" ? noMicrophone.refused : noMicrophone.missing);
    }
  }

  private open(address: string, dial: unknown): void {
    const socket = new WebSocket(new URL(address, location.href.replace(/^http/, "ws")));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.order({ dial });
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.handset?.port.postMessage(data, [data]);
      else this.to.told(JSON.parse(data as string) as Told);
    };
    socket.onclose = () => { this.quiet(); this.to.gone(); };
    this.socket = socket;
  }

  private say(frame: ArrayBuffer): void {
    if (this.socket?.readyState === WebSocket.OPEN && this.socket.bufferedAmount < congested) this.socket.send(frame);
  }

  private order(what: unknown): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(what));
  }
}
