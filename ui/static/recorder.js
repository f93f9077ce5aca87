// <audio-recorder> speaks a sound into the file field of its form. The browser records as it likes; the panel reads it.
customElements.define("audio-recorder", class extends HTMLElement {
  connectedCallback() {
    if (this.button || !window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return;
    this.hidden = false;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button";
    this.button.textContent = "Record with the microphone";
    this.button.addEventListener("click", () => (this.recorder ? this.stop() : this.start()));
    this.note = document.createElement("span");
    this.note.setAttribute("role", "status");
    this.append(this.button, this.note);
  }

  disconnectedCallback() { this.stop(); }

  async start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch {
      this.note.textContent = "The microphone cannot be used: allow it in the browser.";
      return;
    }
    if (!this.isConnected || this.recorder) { // given up, or begun twice, while the browser asked
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    const parts = [];
    const kind = ["audio/mp4", "audio/ogg;codecs=opus", "audio/webm;codecs=opus"].find((k) => MediaRecorder.isTypeSupported(k));
    this.recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 64000 });
    this.recorder.addEventListener("dataavailable", (e) => parts.push(e.data));
    this.recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      if (this.isConnected) this.take(new Blob(parts, { type: kind }));
    });
    this.recorder.start(1000);
    const since = performance.now();
    this.button.textContent = "Stop";
    this.note.className = "recording";
    const tell = () => { const s = Math.floor((performance.now() - since) / 1000); this.note.textContent = `Recording ${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`; };
    tell();
    this.clock = setInterval(tell, 500);
    this.limit = setTimeout(() => this.stop(), 20 * 60 * 1000);
  }

  stop() {
    clearInterval(this.clock);
    clearTimeout(this.limit);
    if (this.recorder?.state === "recording") this.recorder.stop();
    this.recorder = null;
    if (!this.button) return;
    this.button.textContent = "Record again";
    this.note.className = "";
  }

  take(sound) {
    const ends = { "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/webm": "webm" };
    const name = `microphone.${ends[sound.type.split(";")[0]] ?? "webm"}`;
    const file = new File([sound], name, { type: sound.type });
    const field = this.closest("form")?.querySelector("input[type=file]");
    if (field) {
      const files = new DataTransfer();
      files.items.add(file);
      field.files = files.files;
    }
    this.player ??= this.appendChild(document.createElement("audio"));
    if (this.player.src) URL.revokeObjectURL(this.player.src);
    this.player.controls = true;
    this.player.src = URL.createObjectURL(sound);
    this.note.textContent = "Listen, then upload.";
    this.dispatchEvent(new CustomEvent("recorded", { bubbles: true, detail: { file } }));
  }
});

// <play-sound> plays a file of a list by one button; without script the browser's own player stands there.
customElements.define("play-sound", class extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.audio = this.querySelector("audio");
    this.audio.controls = false;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button small";
    this.button.addEventListener("click", () => (this.audio.paused ? this.play() : this.audio.pause()));
    for (const turn of ["play", "pause", "ended", "error", "timeupdate"]) this.audio.addEventListener(turn, () => this.tell(turn));
    this.append(this.button);
    this.tell();
  }

  play() {
    for (const other of document.querySelectorAll("play-sound audio")) other.pause();
    this.audio.currentTime = 0;
    this.audio.play().catch(() => this.tell("error"));
  }

  tell(turn) {
    const plays = !this.audio.paused && !this.audio.ended;
    this.button.textContent = plays ? "\u25a0" : "\u25b6";
    this.button.setAttribute("aria-label", turn === "error" ? "This sound cannot be played" : `${plays ? "Stop" : "Play"} ${this.dataset.name}`);
    this.button.style.setProperty("--played", plays ? `${100 * this.audio.currentTime / (this.audio.duration || 1)}%` : "0%");
  }
});

// An upload shows how far it is, and then that the panel works on it. Its answer is that of the plain form.
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const button = form.querySelector("button.primary");
    const bar = form.querySelector("progress") ?? button.after(Object.assign(document.createElement("progress"), { max: 1, ariaLabel: "Upload" })) ?? form.querySelector("progress");
    const wrong = form.querySelector(".alert") ?? form.insertBefore(Object.assign(document.createElement("p"), { className: "alert", role: "alert", hidden: true }), form.firstChild);
    const words = button.textContent;
    const again = (why) => {
      button.textContent = words;
      button.disabled = false;
      bar.remove();
      wrong.hidden = false;
      wrong.textContent = why;
    };
    wrong.hidden = button.disabled = true;
    button.textContent = "Uploading\u2026";
    const sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.setRequestHeader("Accept", "text/html");
    sending.setRequestHeader("HX-Request", "true");
    sending.upload.addEventListener("progress", (p) => { if (p.lengthComputable) bar.value = p.loaded / p.total; });
    sending.upload.addEventListener("load", () => { bar.removeAttribute("value"); button.textContent = form.dataset.upload; });
    sending.addEventListener("error", () => again("The connection was lost. Try again."));
    sending.addEventListener("load", () => {
      const next = sending.getResponseHeader("HX-Redirect");
      if (next) return location.assign(next);
      const answer = new DOMParser().parseFromString(sending.responseText, "text/html");
      again(answer.querySelector("#up-f-file-problem, .alert, .wrong, .door .hint")?.textContent.trim() || "This did not work.");
    });
    sending.send(new FormData(form));
  });
}
