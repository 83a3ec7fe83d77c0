# Sourced after lib.sh: streams with a fault, one file each.
#
#	make_streams	s.rd is whole and raw, five pictures; cut.rd stops, none.rd is no
#			stream, newer.rd has a newer version, empty.rd nothing at all,
#			unknown.rd has video of an unknown codec, large.rd a picture that
#			takes 130 MB
# shellcheck shell=bash

make_streams() {
	rd-capture --source test --size 64x48 --frames 5 >s.rd
	head -c 5000 s.rd >cut.rd
	echo 'Welcome to build1!' >none.rd
	{ head -c 24 s.rd; printf '\x09\0'; tail -c +27 s.rd; } >newer.rd
	: >empty.rd
	unknown_video
	peer -w hello frame:1:7680:4320:ff end:0 >large.rd
}

# The byte of the codec stands seven before the start code of the first VP8 frame.
unknown_video() {
	local at
	rd-encode --updates video --codec vp8 <s.rd >unknown.rd
	at=$(LC_ALL=C grep -obUaP -m 1 '\x9d\x01\x2a' unknown.rd | head -n 1 | cut -d: -f1)
	printf '\x63' | dd of=unknown.rd bs=1 seek=$((at - 7)) conv=notrunc status=none
}
