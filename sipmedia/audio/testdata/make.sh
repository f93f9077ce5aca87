#!/bin/sh
# Makes the golden files of this folder with sox and ffmpeg, so that the tests need neither. Needs both.
set -eu
cd "$(dirname "$0")"
tone() { sox -V1 -n -r "$1" -c "$2" $3 "$4.wav" synth 0.25 sine 1000 gain -6 $5; }
tone 8000 1 "-e signed -b 16" pcm16-8000 ""
tone 8000 1 "-e unsigned -b 8" pcm8-8000 ""
tone 8000 1 "-e a-law" alaw-8000 ""
tone 8000 1 "-e u-law" mulaw-8000 ""
tone 16000 2 "-e signed -b 24" pcm24-16000-stereo ""
tone 44100 2 "-e signed -b 16" pcm16-44100-stereo ""
tone 48000 1 "-e floating-point -b 32" float-48000 ""
ffmpeg -loglevel error -y -f lavfi -i "sine=frequency=1000:sample_rate=22050:duration=0.25" -af volume=4.0103 -c:a pcm_s32le pcm32-22050.wav
