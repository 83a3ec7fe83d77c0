# Sourced after lib.sh and lib-net.sh by tests of hosts that announce themselves:
# each machine may have a system bus and an Avahi of its own.
#
#	avahi NAME…	starts both there, the machine being called NAME.local
#	avahi_again NAME	only Avahi, on the bus there is
#	stop_avahi NAME	and ends it; stop_bus NAME: both
#	lan NAME CMD…	runs it there, with that bus
#	start_lan NAME CMD…	in the background
#	list NAME ARG…	rd-view --list there, with keys of its own: to ./list, words to ./list.words
#	lists NAME REGEX	whether a line of that matches
# shellcheck shell=bash disable=SC2034,SC2154

for need in avahi-daemon dbus-daemon; do
	command -v $need >/dev/null || skip "no $need"
done
unset DBUS_SYSTEM_BUS_ADDRESS

declare -A bus_pid=() avahi_pid=()
# Whoever runs the tests has a name server, perhaps: it knows nothing of these machines, and
# is not asked.
export XDG_CONFIG_HOME="$TMPDIR/config"

bus_of() {
	echo "unix:path=$TMPDIR/bus-$1"
}

write_bus() { # name
	cat >"bus-$1.conf" <<-CONF
		<busconfig>
		  <type>session</type>
		  <listen>$(bus_of "$1")</listen>
		  <auth>EXTERNAL</auth>
		  <policy context="default">
		    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
		  </policy>
		</busconfig>
	CONF
}

write_avahi() { # name
	cat >"avahi-$1.conf" <<-CONF
		[server]
		host-name=$1
		allow-interfaces=net0
		use-ipv4=yes
		use-ipv6=yes
		[wide-area]
		enable-wide-area=no
		[publish]
		publish-hinfo=no
		publish-workstation=no
		[reflector]
		[rlimits]
	CONF
}

avahi_up() { # name
	grep -q 'Server startup complete' "avahi-$1.log"
}

avahi_again() { # name
	: >"avahi-$1.log"
	# Its files lie in /run: there it has one of its own.
	# shellcheck disable=SC2016 # expanded by the shell started here
	DBUS_SYSTEM_BUS_ADDRESS=$(bus_of "$1") start_on "$1" unshare -m -- sh -c '
		mount -t tmpfs none /run && mkdir /run/avahi-daemon &&
		exec avahi-daemon -f "$1" --no-drop-root --no-chroot --no-rlimits' _ \
		"$PWD/avahi-$1.conf" 2>"avahi-$1.log"
	avahi_pid[$1]=$pid
	wait_for avahi_up "$1"
}

avahi() { # name…
	local name
	for name; do
		write_bus "$name"
		write_avahi "$name"
		start_on "$name" dbus-daemon --config-file="$PWD/bus-$name.conf" --nofork --nopidfile \
			2>"bus-$name.log"
		bus_pid[$name]=$pid
		wait_for test -S "bus-$name"
		avahi_again "$name"
	done
}

stop_avahi() { # name
	stop "${avahi_pid[$1]}"
}

stop_bus() { # name
	stop_avahi "$1"
	stop "${bus_pid[$1]}"
	rm -f "bus-$1"
}

lan() { # name, command…
	local name=$1
	shift
	DBUS_SYSTEM_BUS_ADDRESS=$(bus_of "$name") on "$name" "$@"
}

start_lan() { # name, command…
	local name=$1
	shift
	DBUS_SYSTEM_BUS_ADDRESS=$(bus_of "$name") start_on "$name" "$@"
}

list() { # name, argument of rd-view…
	local name=$1
	shift
	lan "$name" rd-view --list --config "$TMPDIR/of-$name" "$@" >list 2>list.words
}

lists() { # name, regex
	list "$1" || true
	grep -Eq -- "$2" list
}
