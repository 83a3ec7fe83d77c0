#!/usr/bin/env bash
# Every frame is hashed, and the same pixels give the same line wherever they
# come from; pictures go into files that are whole or not there.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

source_60=(rd-capture --source test --size 320x180 --frames 60)

"${source_60[@]}" >raw.rd
rd-view --to hash raw.rd >raw.hash
[ "$(wc -l <raw.hash)" -eq 60 ] || fail "not a line a frame"
grep -Eq '^2 0\.033333333 320x180 [0-9a-f]{32}$' raw.hash || fail "not number, time, size, hash"
[ "$(cut -d' ' -f4 raw.hash | sort -u | wc -l)" -eq 60 ] || fail "different frames, same hash"

# through a pipe, from a file that is standard input, from a command
"${source_60[@]}" | rd-view --to hash - | cmp - raw.hash
rd-view --to hash - <raw.rd | cmp - raw.hash
rd-view --to hash -- "${source_60[@]}" | cmp - raw.hash
cp raw.rd named
rd-view --to hash --file named | cmp - raw.hash
rd-view --to hash ./named | cmp - raw.hash
"${source_60[@]}" | rd-encode --codec none | rd-view --to hash - | cmp - raw.hash

# a file that is not complete is not there
rd-view --to png:last.png raw.rd
rd-view --to png:- raw.rd >piped.png
rd-view --to png:each-%03d.png raw.rd
same_picture last.png piped.png || fail "the picture on standard output is another"
same_picture last.png each-060.png || fail "the last picture is not that of the last frame"
same_picture last.png each-059.png && fail "pictures of different frames are the same"
[ "$(find . -name 'each-*.png' | wc -l)" -eq 60 ] || fail "not a picture a frame"
[ "$(identify -format '%wx%h' last.png)" = 320x180 ] || fail "the picture has another size"
[ -z "$(find . -name '*.part')" ] || fail "half a picture was left"

# --frames ends the other side too
rd-view --to hash --frames 5 -- rd-capture --source test --size 320x180 >five
[ "$(wc -l <five)" -eq 5 ] || fail "--frames 5 gave $(wc -l <five)"
head -n 5 raw.hash | cmp - five
rd-view --to null raw.rd >nothing
[ ! -s nothing ] || fail "--to null wrote something"

# a picture that was only half sent is not shown
mkfifo fifo.half
start rd-view --to png:whole.png -- view-peer "$PWD/log.half" "$PWD/fifo.half"
{ echo "frame 40 30 112233"; echo "half 0 0 20 20 ffffff"; echo "end 0 0 over"; } >fifo.half
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"
[ "$(identify -format %k whole.png)" -eq 1 ] || fail "half a frame was shown"
[ "$(convert whole.png -format '%[hex:p{0,0}]' info:)" = 112233 ] || fail "not the colour that was sent"

# what stands on a frame that was lost is not shown; a whole picture is asked for, once
start rd-view --to hash -- view-peer "$PWD/log.lost" "$PWD/fifo.half" >lost
printf '%s\n' "frame 40 30 112233" skip "paint 0 0 9 9 ffffff" "paint 9 9 9 9 ffffff" >fifo.half
wait_for grep -q '^REFRESH' log.lost
printf '%s\n' "frame 40 30 445566" "paint 0 0 9 9 ffffff" >fifo.half
wait_for grep -q '^ack 6' log.lost
echo "end 0 0 over" >fifo.half
wait_end "$pid"
[ "$(cut -d' ' -f1 lost | tr '\n' ' ')" = "1 5 6 " ] || fail "shown: $(cat lost)"
[ "$(grep -c REFRESH log.lost)" -eq 1 ] || fail "asked more than once"
[ "$(grep -c '^ack' log.lost)" -eq 3 ] || fail "not every shown frame was acknowledged: $(cat log.lost)"

# what cannot be written
exits 8 rd-view --to png:no/such/folder.png raw.rd
# Only a plain file is replaced: never a device or FIFO, nor a link.
mkfifo fifo.png
ln -s whole.png link.png
for special in fifo.png link.png; do
	exits 8 rd-view --to png:$special raw.rd 2>said
	grep -q 'not a plain file' said || fail "$special: $(cat said)"
done
[ -p fifo.png ] && [ -L link.png ] || fail "what was no file is gone"
exits 8 rd-view --to hash raw.rd >/dev/full
exits 2 rd-view --to png:%s.png raw.rd
exits 2 rd-view --to picture raw.rd
start sh -c 'echo "end 0 0 over" >fifo.half'
exits 1 rd-view --to png:none.png -- view-peer "$PWD/log.half" "$PWD/fifo.half"
[ ! -e none.png ] || fail "a picture of nothing"

# a reader that leaves is noticed though nothing is written
mkfifo fifo.idle lines
start sh -c "exec rd-view --to hash -- view-peer '$PWD/log.idle' '$PWD/fifo.idle' >lines"
idle=$pid
start sh -c 'echo "frame 40 30 112233" >fifo.idle'
read -r line <lines
case $line in 1\ *) ;; *) fail "the first line is $line" ;; esac
wait_end "$idle"
[ "$status" -eq 8 ] || fail "status $status when the reader has left"
