# For the tests of several monitors, sourced after lib.sh: an Xtigervnc whose
# monitors are outputs of RandR of their own (vncscreens.c), that come and go.
#
#	monitors WxH+X+Y…	makes them, VNC-0 and so on; those that were more go
#	off N, on N WxH X Y	one is unplugged, or plugged in, there
#	is_at NAME WxH X Y	whether the viewer (see lib-capture.sh) was told so last
#	counts N		… and that there are so many
# shellcheck shell=bash disable=SC2154

monitors() {
	vncscreens "$TMPDIR/rfb" "$@"
}

# xrandr makes the screen no smaller when one goes: the size of all is said, too.
off() {
	xrandr --output "VNC-$1" --off
}

on() { # N WxH X Y
	xrandr --output "VNC-$1" --mode "$2" --pos "$3x$4"
}

last_monitors() {
	awk '/^monitors / {last = $0} END {print last}' "$log"
}

is_at() { # NAME WxH X Y
	last_monitors | grep -Eq "(^monitors [0-9]+|;) $1 $2 $3 $4 "
}

counts() { # N
	case $(last_monitors) in "monitors $1"|"monitors $1 "*) true ;; *) false ;; esac
}
