# Sourced by tests/bench/run: how late sound and picture are, and how far apart.
#
# A window flashes and a sink clicks in one moment (tests/tools/clap.c), 20 times; the
# viewer plays to another sink of the same PulseAudio, and shows on another Xvfb. Times
# of sound are the sound server's own at both sinks.
# shellcheck shell=bash disable=SC2154

measure_sound() {
	local TMPDIR=$scratch/sound host view
	command -v pulseaudio >/dev/null && [ -x "$RD_BUILD/aids/clap" ] || return 0
	mkdir -p "$TMPDIR"
	printf '\rrun %d of %d: %s, sound        ' "$run" "$BENCH_RUNS" "$system" >&2
	start_x 640x480
	local host_display=$DISPLAY host_server=$pid
	start_x 640x480
	local view_display=$DISPLAY view_server=$pid
	# shellcheck source=/dev/null
	. "$root/tests/tools/lib-sound.sh"
	start_pulse
	start rd-view --sound ears --fullscreen --no-control -- rd-encode -- rd-capture --display "$host_display"
	view=$pid
	DISPLAY=$host_display "$RD_BUILD/aids/clap" desk ears "$view_display" 20 20 22 |
		sed '1,2d' >"$TMPDIR/claps"
	stop "$view"
	for host in sound picture apart; do
		sed -n "s/.*${host}_ms=\([-0-9.]*\).*/\1/p" "$TMPDIR/claps" | sort -n |
			awk -v n="$host" '{ v[NR] = $1 } END { if (NR) {
				print n "_p50_ms", v[int((NR + 1) / 2)]; print n "_p95_ms", v[int(NR * 0.95 + 0.5)] } }'
	done | awk -v head="$run $system sound" '{ print head, $1, $2 }' >>"$raw"
	printf '%s %s sound missed_pct %s\n' "$run" "$system" \
		"$(awk '/lost/ { n++ } END { print NR ? n * 100 / NR : 100 }' "$TMPDIR/claps")" >>"$raw"
	stop "$pid_of_pulse"
	stop "$host_server"
	stop "$view_server"
}
