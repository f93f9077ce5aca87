#!/bin/sh
# Makes the golden files of this folder with ffmpeg and sox, so that the tests need neither.
# Run here: sh make.sh. Needs ffmpeg, sox and python3.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 - "$tmp" <<'PY'
import math, struct, sys
out = sys.argv[1]
open(out + '/all.raw', 'wb').write(b''.join(struct.pack('<h', i) for i in range(-32768, 32768)))
open(out + '/words.raw', 'wb').write(bytes(range(256)))
for rate in (8000, 16000, 24000, 44100, 48000):
    chord = [round(sum(6000 * math.sin(2 * math.pi * f * i / rate) for f in (300, 1000, 2750))) for i in range(rate // 4)]
    open(out + '/chord%d.raw' % rate, 'wb').write(b''.join(struct.pack('<h', v) for v in chord))
PY
for law in mulaw alaw; do
	sox=u-law
	[ $law = alaw ] && sox=a-law
	ffmpeg -loglevel error -f s16le -ar 8000 -ac 1 -i "$tmp/all.raw" -c:a pcm_$law -f $law pipe: | gzip -9n >ffmpeg-$law-encoded.gz
	ffmpeg -loglevel error -f $law -ar 8000 -ac 1 -i "$tmp/words.raw" -f s16le pipe: | gzip -9n >ffmpeg-$law-decoded.gz
	sox -V1 -D -t raw -e signed -b 16 -r 8000 -c 1 "$tmp/all.raw" -t raw -e $sox -b 8 - | gzip -9n >sox-$law-encoded.gz
	sox -V1 -D -t raw -e $sox -b 8 -r 8000 -c 1 "$tmp/words.raw" -t raw -e signed -b 16 - | gzip -9n >sox-$law-decoded.gz
done
for pair in 44100-8000 48000-8000 24000-8000 16000-8000 8000-16000 8000-48000 44100-48000; do
	from=${pair%-*} to=${pair#*-}
	sox -V1 -D -t raw -e signed -b 16 -r "$from" -c 1 "$tmp/chord$from.raw" -t raw -e signed -b 16 -r "$to" - rate -v | gzip -9n >"sox-$pair.gz"
done
