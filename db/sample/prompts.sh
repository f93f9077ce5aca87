#!/bin/bash
# Makes the prompts of the sample installation: 8 kHz mono 16-bit WAV, speech
# and music at -20 dBFS RMS. Needs espeak-ng and sox (Debian packages of the
# same names). The results are committed; run it again after changing a text.
set -euo pipefail
cd "$(dirname "$0")/audio"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

level=-20
wav=(-b 16 -r 8000 -c 1)

# finish IN OUT brings the level to $level dBFS RMS.
finish() {
	local rms
	rms=$(sox "$1" -n stats 2>&1 | awk '/^RMS lev dB/ { print $4 }')
	sox -D "$1" "${wav[@]}" "$2" gain "$(awk -v l=$level -v r="$rms" 'BEGIN { print l - r }')"
}

# speak NAME TEXT: what telephones pass, without the silence around it.
speak() {
	espeak-ng -v en-us+f3 -s 150 -w "$work/raw.wav" "$2"
	sox -D "$work/raw.wav" -r 8000 -c 1 "$work/cut.wav" highpass 200 \
		silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse pad 0.05 0.15
	finish "$work/cut.wav" "$1.wav"
}

# tone NAME HZ: one second of whole waves, so that a loop has no seam. Neither
# pitch is one of a telephone key.
tone() {
	sox -D -n "${wav[@]}" "$work/tone.wav" synth 1 sine "$2"
	finish "$work/tone.wav" "$1.wav"
}

# chord N NOTE NOTE NOTE NOTE: two seconds of a plucked chord, note after note.
chord() {
	local out="$work/chord$1.wav"
	sox -D -n -r 8000 -c 1 "$out" synth 2 pluck "$2" pluck "$3" pluck "$4" pluck "$5" \
		delay 0 .25 .5 .75 remix - trim 0 2 fade t 0.01 2 0.15
}

speak main-menu "Welcome to Tandem. Press one to talk to one oh one. Press two to hear a message."
speak message "Thank you for calling. Every step of this call was a durable workflow, and you can look at it on the call's page. Goodbye."
speak sorry "Sorry, nobody can take your call right now. Please try again later."
speak system-invalid "That is not a valid choice."
speak system-apology "Sorry, something went wrong on our side. Please call again."
speak system-confirm "You have a call. To take it, press one. Press one to take the call."
speak system-goodbye "We did not hear a choice. Goodbye."
speak system-enter-pin "Please enter the PIN of the conference, then press the hash key."
speak system-wrong-pin "That PIN is not right."
speak system-conference-full "The conference is full. Please call again later."
speak system-conference-locked "The conference is locked."
speak system-conference-open "The conference is open."
speak system-muted "You are muted."
speak system-unmuted "You can be heard."
speak system-all-muted "All others are muted."
speak system-all-unmuted "All others can be heard."

speak system-sales-or-support "Thank you for calling. For sales, press one. For support, press two."
speak system-closed "Thank you for calling. We are closed now. If it cannot wait, press one."
speak system-queue-greeting "Thank you for calling. Please hold: whoever is free first takes your call. To be called back instead, press one while you wait."
speak system-nobody-there "Sorry, nobody can take your call right now. Please try again later."

speak system-queue-in "You are logged in."
speak system-queue-out "You are logged out."
speak system-queue-paused "You are paused."
speak system-queue-on "You take calls again."
speak system-queue-none "There is no queue that you can log in to."
speak system-override-open "Held open."
speak system-override-closed "Held closed."
speak system-override-off "Opening hours apply again."
speak system-override-unknown "This code belongs to nothing."
speak system-callback-prompt "To be called back on the number that you are calling from, press hash. For another number, enter it, then press hash. To decline, press star."
speak system-callback-accepted "You keep your place, and we will call you back."
speak system-callback-refused "That number cannot be called."
speak system-callback-here "Hello. You asked to be called back. Please hold for a moment."

speak system-you-are-number "You are number"
speak system-in-the-queue "in the queue."
speak system-expected-wait "The expected wait is about"
speak system-minute "minute."
speak system-minutes "minutes."
speak system-less-than-a-minute "less than one minute."
speak system-hundred "hundred"
speak system-thousand "thousand"
for n in {0..20} 30 40 50 60 70 80 90; do
	speak "system-number-$n" "$n"
done

chord 1 C3 E4 G4 C5
chord 2 A2 C4 E4 A4
chord 3 F3 A3 C4 F4
chord 4 G3 B3 D4 G4
sox -D "$work"/chord{1,2,3,4}.wav "$work/hold.wav" lowpass 3000
finish "$work/hold.wav" system-hold.wav

sox -D -n "${wav[@]}" quiet.wav trim 0 1
tone bench-prompt 600
tone bench-second 1100
