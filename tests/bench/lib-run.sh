# Sourced by tests/bench/run: what it costs to film a browser test at 1080p.
#
# A browser shows a local page on a display of its own: alone (bare), under
# rd-run --record (rd), and under xvfb-run with ffmpeg -f x11grab at 30 frames a
# second and libx264 (x11grab). Keys scroll it twice a second for BENCH_SECONDS,
# then it rests for as long. What is counted is the processor time of the recorder,
# and of the X server beyond what it takes bare; starting and ending is not in it.
# shellcheck shell=bash disable=SC2154

# Some screens full of text, boxes and colours.
browser_page() { # file
	local i
	{
		echo '<!DOCTYPE html><meta charset=utf-8><title>bench-page</title>'
		echo '<body style="font:16px DejaVu Sans;margin:2em">'
		for i in $(seq 120); do
			printf '<h3 style="background:#%06x">Part %d</h3><p>' $((0xa0b0c0 + i * 4099 % 0x303030)) "$i"
			"$bench" log -r 0 -t 0.001 | head -n 6
			echo '</p>'
		done
	} >"$1"
}

# The test: a browser, until it is told to end.
browser_command() {
	if command -v chromium >/dev/null; then
		echo "exec chromium --no-sandbox --no-first-run --disable-sync --disable-background-networking \
			--password-store=basic --user-data-dir='$scratch/browser' --window-size=1920,1080 \
			--window-position=0,0 --app='file://$scratch/page.html' >/dev/null 2>&1"
	else
		echo "exec netsurf-gtk -w 1920 -h 1080 'file://$scratch/page.html' >/dev/null 2>&1"
	fi
}

on_test() {
	env DISPLAY="$test_display" XAUTHORITY="$test_authority" "$@"
}
page_shown() {
	on_test xdotool search --name bench-page >/dev/null 2>&1 || ended "$session"
}

# Twice a second a page on, and from the end back to the beginning.
scroll_page() {
	local i
	for i in $(seq $((BENCH_SECONDS * 2))); do
		if [ $((i % 8)) -eq 0 ]; then on_test xdotool key Home; else on_test xdotool key Next; fi
		sleep 0.5
	done
}

# The figures of one part, the server's beyond the bare one.
filmed_part() { # part
	local part=$1 server=${bare[$1]:-0} keys=
	if [ "$part" = 'test' ]; then
		start scroll_page
		keys=$pid
	fi
	# shellcheck disable=SC2086 # groups are words
	"$bench" meter $groups -- sleep "$BENCH_SECONDS" >"$scratch/part"
	[ -z "$keys" ] || stop "$keys"
	[ "$system" != bare ] || bare[$part]=$(awk '$1 == "cpu_server_pct" { print $2 }' "$scratch/part")
	awk -v part="$part" -v bare="$server" -v who="$system" '
		{ v[$1] = $2 }
		END {
			print part "_browser_pct", v["cpu_browser_pct"]
			print part "_server_pct", v["cpu_server_pct"]
			if (who != "bare") {
				print part "_recorder_pct", v["cpu_recorder_pct"]
				print part "_beyond_pct", v["cpu_recorder_pct"] + v["cpu_server_pct"] - bare
			}
			print "others_pct", v["others_pct"]
		}' "$scratch/part" | run_record
}
run_record() {
	awk -v head="$run $system run" '{ print head, $1, $2 }' >>"$raw"
}

begin_filmed() {
	local film=$scratch/film
	browser_command >"$scratch/browse"
	printf 'echo "$DISPLAY $XAUTHORITY" >%q/up.new; mv %q/up.new %q/up; . %q/browse\n' \
		"$scratch" "$scratch" "$scratch" "$scratch" >"$scratch/test.sh"
	rm -rf "$scratch/up" "$scratch/browser" "$film".*
	case $system in
	bare) start rd-run sh "$scratch/test.sh" 2>"$scratch/log" ;;
	rd) start rd-run --record "$film.webm" sh "$scratch/test.sh" 2>"$scratch/log" ;;
	x11grab)
		start xvfb-run -a -s '-screen 0 1920x1080x24' sh -c "
			ffmpeg -nostdin -v error -f x11grab -framerate 30 -video_size 1920x1080 -i \$DISPLAY \
				-c:v libx264 -preset veryfast '$film.mp4' & ff=\$!
			trap : TERM
			sh '$scratch/test.sh' & echo \$! >'$scratch/pid'; wait \$!; kill -INT \$ff; wait \$ff" \
			2>"$scratch/log"
		;;
	esac
	session=$pid
	wait_for test -s "$scratch/up"
	read -r test_display test_authority <"$scratch/up"
	wait_for page_shown
	groups="server=$(pids_named Xvfb "$session") browser=$(browser_pids)"
	case $system in
	rd) groups="$groups recorder=$(pids_named rd-record "$session"),$(pids_named rd-capture "$session")" ;;
	x11grab) groups="$groups recorder=$(pids_named ffmpeg "$session")" ;;
	esac
}
browser_pids() {
	local found
	found=$(pids_named chromium "$session"),$(pids_named netsurf-gtk "$session")
	found=${found#,} found=${found%,}
	# As many as the meter takes.
	echo "$found" | tr , '\n' | head -n 16 | paste -sd ,
}

end_filmed() {
	if [ "$system" = x11grab ]; then kill "$(cat "$scratch/pid")"; else kill -TERM "$session"; fi
	wait_end "$session"
	case $system in
	rd | x11grab)
		stat -c 'film_kb %s' "$scratch"/film.* | awk '{ print $1, $2 / 1000 }' | run_record ;;
	esac
}

measure_filmed() {
	printf '\rrun %d of %d: %s, run        ' "$run" "$BENCH_RUNS" "$system" >&2
	browser_page "$scratch/page.html"
	begin_filmed
	# It has come to rest, and so has what it does at its beginning.
	sleep 5
	filmed_part 'test'
	sleep 2
	filmed_part still
	end_filmed
}

declare -A bare=()
