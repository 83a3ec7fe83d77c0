#!/usr/bin/env bash
# Real applications: a GTK program copies and pastes text, HTML, a picture and files,
# a terminal and xsel paste what was copied on the other side.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"
/usr/bin/python3 -c 'import gi; gi.require_version("Gtk", "3.0")' 2>/dev/null || skip "no GTK for python3"
command -v xsel >/dev/null || skip "no xsel"

# An application: "copy text|html|png|files", and it stays; "paste …" prints what it got.
cat >app <<-'APP'
	#!/usr/bin/python3
	import sys, gi
	gi.require_version("Gtk", "3.0")
	from gi.repository import Gtk, Gdk, GdkPixbuf
	what, kind = sys.argv[1:3]
	board = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
	target = Gdk.Atom.intern({"html": "text/html", "files": "text/uri-list"}.get(kind, ""), False)
	text = {"text": "Grüße\n漢字\n", "html": "<b>fett</b>", "files": "file:///etc/hosts\r\n"}.get(kind)
	picture = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, 640, 480)
	picture.fill(0x336699ff)
	if what == "copy" and kind == "text":
	    board.set_text(text, -1)
	elif what == "copy" and kind == "png":
	    board.set_image(picture)
	elif what == "copy":
	    # PyGObject cannot set targets of its own on a clipboard; on a selection it can.
	    window = Gtk.Window()
	    window.realize()
	    Gtk.selection_add_target(window, Gdk.SELECTION_CLIPBOARD, target, 0)
	    window.connect("selection-get", lambda w, data, info, time: data.set(target, 8, text.encode()))
	    Gtk.selection_owner_set(window, Gdk.SELECTION_CLIPBOARD, Gtk.get_current_event_time())
	elif kind == "text":
	    sys.exit(0 if board.wait_for_text() == text else 1)
	elif kind == "png":
	    got = board.wait_for_image()
	    ok = got and got.get_width() == 640 and got.get_pixels()[:3] == picture.get_pixels()[:3]
	    sys.exit(0 if ok else 1)
	else:
	    got = board.wait_for_contents(target)
	    sys.exit(0 if got and got.get_data() == text.encode() else 1)
	Gtk.main()
APP
chmod +x app

pastes() { # display, kind
	at "$1" timeout 60 ./app paste "$2" 2>/dev/null
}

two_desktops
look -- rd-encode -- rd-capture --display "$host"
for kind in text html png files; do
	DISPLAY=$host start ./app copy $kind 2>/dev/null
	wait_for pastes "$desk" $kind
	stop "$pid"
	DISPLAY=$desk start ./app copy $kind 2>/dev/null
	wait_for pastes "$host" $kind
	stop "$pid"
done

# Larger than one property, to and from such a program.
words_of 3000000
copy "$desk" UTF8_STRING blob
wait_for pasted "$host" UTF8_STRING blob
xsel_gives() {
	[ "$(at "$host" timeout 60 xsel --clipboard --output | cksum)" = "$(cksum <blob)" ]
}
wait_for xsel_gives

# A terminal pastes what was selected over there, by the middle button.
stop "$viewer"
look --primary -- rd-encode -- rd-capture --primary --display "$host"
DISPLAY=$host start xterm -geometry 40x6+0+0 -e sh -c 'stty -icanon; cat >typed'
typed_is() { [ "$(cat typed 2>/dev/null)" = "$1" ]; }
has_terminal() { at "$host" xdotool search --onlyvisible --class xterm >/dev/null 2>&1; }
wait_for has_terminal
printf 'echo selected' >blob
copy "$desk" UTF8_STRING blob primary
wait_for pasted "$host" UTF8_STRING blob primary
at "$host" xdotool mousemove 40 40 click 2
wait_for typed_is 'echo selected'
