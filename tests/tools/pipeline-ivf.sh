#!/usr/bin/env bash
# Video alone goes to other people's tools as IVF, at a constant rate.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
command -v ffprobe >/dev/null || skip "no ffprobe"

probe() { # what ffprobe says of stdin: codec,width,height,rate,frames
	ffprobe -loglevel error -count_frames -select_streams v -of csv=p=0 \
		-show_entries stream=codec_name,width,height,r_frame_rate,nb_read_frames -
}
is() { # WANTED
	local got
	got=$(probe)
	[ "$got" = "$1" ] || fail "$got instead of $1"
}

source=(rd-capture --source test --size 320x180 --frames 20)
for codec in vp8 vp9 av1; do
	"${source[@]}" | rd-encode --codec $codec --format ivf | is "$codec,320,180,30/1,20"
done
"${source[@]}" --fps 25 | rd-encode --format ivf | is vp9,320,180,25/1,20
rd-encode --format ivf -- "${source[@]}" | is vp9,320,180,30/1,20
"${source[@]}" | rd-encode --format ivf --scale 0.5 | is vp9,160,90,30/1,20

# --fps repeats pictures, or leaves some out.
"${source[@]}" --fps 10 | rd-encode --format ivf --fps 20 | is vp9,320,180,20/1,39
"${source[@]}" --fps 30 | rd-encode --format ivf --fps 15 | is vp9,320,180,15/1,10

# The number of frames stands in the header of a file (bytes 24 to 27).
"${source[@]}" | rd-encode --format ivf >film.ivf
[ "$(od -An -tu4 -j24 -N4 film.ivf | tr -d ' ')" -eq 20 ] || fail "no frame count"
is vp9,320,180,30/1,20 <film.ivf

# A stream without a picture leaves an empty file, not a header's last bytes.
peer -w hello end:0 | rd-encode --format ivf >none.ivf || :
[ ! -s none.ivf ] || fail "$(wc -c <none.ivf) bytes of no picture"

# One picture alone; another size is fitted into the first.
peer -w hello frame:1:64:48:ff end:0 | rd-encode --format ivf | is vp9,64,48,30/1,1
peer -w hello frame:1:64:48:ff frame:2:100:400:ff00 frame:3:64:48:ff end:0 |
	rd-encode --format ivf | is vp9,64,48,10/1,3

# A live picture that rests is repeated: 300 ms at 30 a second are 9 frames.
peer -w hello:live frame:1:64:48:ff sleep:300 end:0 | rd-encode --format ivf >live.ivf
[ "$(od -An -tu4 -j24 -N4 live.ivf | tr -d ' ')" -ge 9 ] || fail "rest is not repeated"

"${source[@]}" | rd-encode --format ivf | ffmpeg -loglevel error -i - -f null - || fail "ffmpeg"
exits 8 rd-encode --format ivf -- rd-capture --source test --size 64x48 >/dev/full 2>words
