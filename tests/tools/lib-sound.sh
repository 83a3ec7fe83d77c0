# Sourced after lib.sh: a sound server of the test's own, and what sounds there.
#
#	start_pulse [MODULE…]	PulseAudio with two sinks that lead nowhere, desk (the default)
#			and ears; sets PULSE_SERVER, $pid_of_pulse; skips where there is none
#	start_again	the same after it was stopped
#	tone SECONDS HZ > FILE	raw samples
#	play SINK FILE	plays it to its end
#	hear SINK FILE	records what sounds there, in the background; $pid
#	heard FILE [HZ]	whether at least half a second of sound is in it; of that height
# shellcheck shell=bash disable=SC2034

pid_of_pulse=
pulse_modules=()

# Nothing of the machine's own is looked at: not its sound, not its settings.
export HOME="$TMPDIR" XDG_CONFIG_HOME="$TMPDIR" PULSE_SERVER="unix:$TMPDIR/pulse.socket"
unset DBUS_SESSION_BUS_ADDRESS PULSE_RUNTIME_PATH

start_again() {
	local args=() m
	for m in "module-null-sink sink_name=desk rate=48000" "module-null-sink sink_name=ears rate=48000" \
		"module-native-protocol-unix auth-anonymous=1 socket=$TMPDIR/pulse.socket" "${pulse_modules[@]}"; do
		args+=(-L "$m")
	done
	rm -f "$TMPDIR/pulse.socket"
	start env -u DISPLAY -u PULSE_SERVER pulseaudio -n --exit-idle-time=-1 --daemonize=no \
		--use-pid-file=no --disable-shm=yes --realtime=no --high-priority=no "${args[@]}" \
		2>"$TMPDIR/pulse.log"
	pid_of_pulse=$pid
	wait_for pulse_up
	pactl set-default-sink desk
}

pulse_up() {
	pactl info >/dev/null 2>&1 || { running "$pid_of_pulse" || fail "pulseaudio: $(tail -n 3 "$TMPDIR/pulse.log")"; }
	pactl info >/dev/null 2>&1
}

start_pulse() {
	command -v pulseaudio >/dev/null && command -v pactl >/dev/null || skip "no pulseaudio"
	pulse_modules=("$@")
	start_again
}

tone() { # seconds, height in Hz
	ffmpeg -v error -f lavfi -i "sine=frequency=$2:duration=$1:sample_rate=48000" -filter:a volume=3 \
		-ac 2 -f s16le -
}

play() { # sink, file
	pacat --playback -d "$1" --raw --format=s16le --rate=48000 --channels=2 --latency-msec=50 "$2"
}

hear() { # sink, file
	: >"$2"
	start parec -d "$1.monitor" --latency-msec=20 --raw --format=s16le --rate=48000 --channels=2 "$2"
}

# Seconds that sound, and how often a second the wave begins anew.
ear() { # file
	od -An -v -w4 -t d2 "$1" | awk '
		{ loud = $1 > 500 || $1 < -500 }
		loud { last = NR }
		loud && !first { first = NR }
		loud && NR - at > 480 { at = NR; n++ }
		first && $1 > 300 { if (below) { up++; below = 0 } }
		first && $1 < -300 { below = 1 }
		END { s = n / 100; printf "%.2f %.0f\n", s, s ? up / s : 0 }'
}

heard() { # file [hz]
	local s hz
	read -r s hz < <(ear "$1")
	awk -v s="$s" -v hz="$hz" -v want="${2:-0}" \
		'BEGIN { exit !(s >= 0.5 && (!want || (hz > want * 0.9 && hz < want * 1.1))) }'
}
