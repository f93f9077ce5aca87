// The handset of a test call, as an AudioWorklet: what the microphone hears goes out as frames of 20 ms of G.711 μ-law
// at 8 kHz, and frames that come in are played, both at whatever rate this machine has. It runs where nothing else
// may hold it up, so its clock paces the call.

const rate = 8000, frameSize = 160; // RFC 3551 §4.5.14
const ms = rate / 1000;

// G.711 μ-law: a sign, one of eight segments, and a step of sixteen in it, all bits turned over.
const bias = 132, loudest = 32635;

export function encode(x) {
  const s = Math.round(Math.max(-1, Math.min(1, x)) * 32767);
  const size = Math.min(Math.abs(s), loudest) + bias;
  const segment = 24 - Math.clz32(size);
  return ~((s < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 3)) & 15)) & 0xff;
}

export function decode(byte) {
  const b = ~byte & 0xff;
  const size = ((((b & 15) << 3) + bias) << ((b >> 4) & 7)) - bias;
  return (b & 0x80 ? -size : size) / 32768;
}

// The filter of both directions: a sinc of so many lobes to each side under a Kaiser window. Nothing above 4 kHz comes
// back as something else, and what a telephone carries, up to 3.4 kHz, passes as it is.
const lobes = 32, beta = 6, edge = 0.925;

function bessel(x) {
  let sum = 1, term = 1;
  for (let k = 1; term > sum * 1e-9; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

const common = (a, b) => (b ? common(b, a % b) : a);

// Resampler brings samples from one rate to another: write what there is, read until there is no more (NaN).
export class Resampler {
  constructor(from, to) {
    const g = common(from, to), narrow = Math.min(from, to);
    this.up = to / g;
    this.down = from / g;
    this.half = Math.ceil((lobes * from) / narrow);
    this.bank = bank(this.up, this.half, (edge * narrow) / from);
    this.ring = new Float32Array(2 ** Math.ceil(Math.log2(2 * this.half + this.down / this.up + 2)));
    this.written = this.half - 1; // as if silence had come before
    this.base = this.half - 1;
    this.phase = 0;
  }

  write(x) { this.ring[this.written++ & (this.ring.length - 1)] = x; }

  read() {
    if (this.base + this.half >= this.written) return NaN;
    const taps = 2 * this.half, mask = this.ring.length - 1, row = this.phase * taps, first = this.base - this.half + 1;
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += this.bank[row + k] * this.ring[(first + k) & mask];
    this.phase += this.down;
    this.base += Math.floor(this.phase / this.up);
    this.phase %= this.up;
    return sum;
  }
}

// bank is the filter as each phase of the output meets the samples of the input; each row sums up to one.
function bank(phases, half, pass) {
  const taps = 2 * half, rows = new Float32Array(phases * taps);
  for (let p = 0; p < phases; p++) {
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const t = p / phases + half - 1 - k, x = Math.PI * pass * t, w = t / half;
      const v = (x ? Math.sin(x) / x : 1) * bessel(beta * Math.sqrt(Math.max(0, 1 - w * w)));
      rows[p * taps + k] = v;
      sum += v;
    }
    for (let k = 0; k < taps; k++) rows[p * taps + k] /= sum;
  }
  return rows;
}

// How long audio waits before it is played, so that a frame that comes late is still in time.
const least = 60 * ms, most = 240 * ms, more = 20 * ms, spare = 100 * ms;
const pause = 300 * ms; // a gap longer than this was nobody's being late
const calm = 10_000 * ms; // after so long without a gap less will do

// PlayOut holds what came in until it is its turn. It waits longer after a gap, and less again when none has come for
// a while.
export class PlayOut {
  constructor() {
    this.ring = new Float32Array(8192);
    this.from = this.to = 0;
    this.target = least;
    this.filling = true;
    this.silent = Infinity; // samples since the last gap began
    this.quiet = 0; // samples since anything was changed
    this.low = Infinity; // least that waited meanwhile
    this.last = 0;
  }

  get waits() { return this.to - this.from; }

  put(frame) {
    if (this.filling && this.silent < pause && this.waits === 0) this.target = Math.min(most, this.target + more);
    for (const byte of frame) this.ring[this.to++ & (this.ring.length - 1)] = decode(byte);
    if (this.waits > this.target + spare) this.from = this.to - this.target; // a burst after a stall: it is late already
  }

  take() {
    if (this.filling && this.waits >= this.target) this.begin();
    if (this.filling || this.waits === 0) {
      if (!this.filling) this.silent = 0;
      this.filling = true;
      this.silent++;
      return (this.last *= 0.95); // no click
    }
    this.low = Math.min(this.low, this.waits);
    if (++this.quiet >= calm) this.relax();
    return (this.last = this.ring[this.from++ & (this.ring.length - 1)]);
  }

  begin() {
    this.filling = false;
    this.quiet = 0;
    this.low = Infinity;
  }

  // relax lets go of what was never needed: a clock that is a little fast adds up as well.
  relax() {
    if (this.low > 2 * more) {
      this.from += more;
      this.target = Math.max(least, this.target - more);
    }
    this.quiet = 0;
    this.low = Infinity;
  }
}

// How often levels are told.
const meter = 50 * ms;

class Handset extends (globalThis.AudioWorkletProcessor ?? Object) {
  constructor() {
    super();
    this.down = new Resampler(sampleRate, rate);
    this.up = new Resampler(rate, sampleRate);
    this.play = new PlayOut();
    this.frame = new Uint8Array(frameSize);
    this.filled = 0;
    this.muted = this.over = false;
    this.level = { said: 0, heard: 0, n: 0 };
    this.port.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.play.put(new Uint8Array(data));
      else Object.assign(this, data);
    };
  }

  process([mic], [[ear]]) {
    const said = this.muted ? undefined : mic[0]; // none: there is no microphone, and silence is said
    for (let i = 0; i < ear.length; i++) {
      this.down.write(said ? said[i] : 0);
      for (let x = this.down.read(); x === x; x = this.down.read()) this.say(x);
      ear[i] = this.hear();
      this.level.heard += ear[i] * ear[i];
    }
    return !this.over;
  }

  say(x) {
    this.frame[this.filled++] = encode(x);
    this.level.said += x * x;
    if (++this.level.n === meter) this.tell();
    if (this.filled < frameSize) return;
    this.port.postMessage(this.frame.buffer, [this.frame.buffer]);
    this.frame = new Uint8Array(frameSize);
    this.filled = 0;
  }

  hear() {
    for (;;) {
      const y = this.up.read();
      if (y === y) return y;
      this.up.write(this.play.take());
    }
  }

  tell() {
    const { said, heard, n } = this.level;
    this.port.postMessage({ said: Math.sqrt(said / n), heard: Math.sqrt((heard / n) * (rate / sampleRate)) });
    this.level = { said: 0, heard: 0, n: 0 };
  }
}

globalThis.registerProcessor?.("handset", Handset);
