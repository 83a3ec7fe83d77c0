#!/usr/bin/env bash
# Names that are so at the moment: hosts of the configuration and known ones,
# profiles, displays, sessions; in bash, fish and zsh, each as it runs.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-config.sh"

start_x 320x240
config 'hosts: {office: {address: a}, "of.fice2": {}}' 'profiles: {ci: {}, slow: {}}'
rd-key trust offsite rd:uEkKg6JGDNWGXW43ZErw5Mcb6uSc_g4b7Kid1i_xBQI
touch offprint.rd
number=${DISPLAY#:}

[ "$(rd-ctl words hosts | sort | tr '\n' ' ')" = 'of.fice2 office offsite ' ]
[ "$(rd-ctl words profiles | tr '\n' ' ')" = 'ci slow ' ]
rd-ctl words displays | grep -qx "$DISPLAY"
rd-ctl words sessions
exits 2 rd-ctl words nothing

# A recorder that gets nothing: what it can be asked and told it says itself.
mkfifo never
exec 8<>never
start sh -c 'exec rd-record --name film - f.webm <never'
answers() { [ "$(rd-ctl film get tool 2>/dev/null)" = rd-record ]; }
wait_for answers
[ "$(rd-ctl words operands | tr '\n' ' ')" = 'film list config ' ] || fail "$(rd-ctl words operands)"
[ "$(rd-ctl words operands config | tr '\n' ' ')" = 'check show ' ]
rd-ctl words operands config show | grep -qx rd-view
rd-ctl words operands config show | grep -qx office
[ "$(rd-ctl words operands config show rd-view | sort | tr '\n' ' ')" = 'of.fice2 office ' ]
[ -z "$(rd-ctl words operands list)$(rd-ctl words operands nothing 2>/dev/null)" ]
mkdir -m 700 host
rd-key --config "$PWD/host" >/dev/null 2>&1
start rd-send --name desk --listen 127.0.0.1:0 --config "$PWD/host" -- cat 2>/dev/null
hosts() { rd-ctl desk get state >/dev/null 2>&1; }
wait_for hosts

offers() { # shell, expected, words…
	local shell=$1 expected=$2 got
	shift 2
	got=$("$shell" "$@")
	[ "$got" = "$expected" ] || fail "$shell: $* is completed with '$got' instead of '$expected'"
}

in_bash() { # words…, cut as bash cuts them, the last being completed
	# shellcheck disable=SC2016 # expanded by the bash started here
	bash --norc -c '
		. "$0/completions/$1.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"_${1//-/_}"
		printf "%s\n" "${COMPREPLY[@]}"' "$RD_ROOT" "$@" | sort | tr '\n' ' '
}
offers in_bash 'of.fice2 office offprint.rd offsite ' rd-view of
offers in_bash 'office offsite ' rd-recv off
offers in_bash 'office offsite ' rd-type --on off
offers in_bash 'ci slow ' rd-view --profile ''
offers in_bash 'ci ' rd-encode --profile = c
offers in_bash "$DISPLAY " rd-shot --display "$DISPLAY"
case " $(in_bash rd-capture -d '')" in *" $DISPLAY "*) ;; *) fail 'bash: no display' ;; esac
offers in_bash 'film ' rd-ctl fil
offers in_bash 'chapter ' rd-ctl film chap
offers in_bash 'uptime ' rd-ctl film get state upt
offers in_bash 'max-bitrate= path= ' rd-ctl desk set ''
offers in_bash 'path= ' rd-ctl desk set max-bitrate = 2M pa
offers in_bash ' ' rd-ctl desk set path =
offers in_bash 'chapter ' rd-ctl --json film chap
offers in_bash 'check ' rd-ctl config ch
offers in_bash 'rd-record rd-recv ' rd-ctl config show rd-re
offers in_bash 'moved ' rd-ctl film --wait mov
# Cut at the colon: what stands before it is not said again.
offers in_bash "$number " rd-shot --display : "$number"
case " $(in_bash rd-shot --display :)" in *" $number "*) ;; *) fail 'bash: no display after a colon' ;; esac

if have fish; then
	in_fish() { # words…
		fish --no-config -c "
			source '$RD_ROOT'/completions/$1.fish
			complete -C '$*'" | cut -f 1 | sort | tr '\n' ' '
	}
	offers in_fish 'of.fice2 office offprint.rd offsite ' rd-view of
	offers in_fish 'office offsite ' rd-type --on off
	offers in_fish 'ci slow ' rd-view --profile ''
	offers in_fish 'chapter ' rd-ctl film chap
	offers in_fish 'max-bitrate= path= ' rd-ctl desk set ''
	offers in_fish 'uptime ' rd-ctl film get upt
	offers in_fish 'check ' rd-ctl config ch
	offers in_fish "$DISPLAY " rd-shot --display "$DISPLAY"
fi

# A zsh on a terminal of its own, in which Tab is pressed: what is added is written down.
has_zpty() {
	have zsh && { zsh -fc 'zmodload zsh/zpty' 2>/dev/null || { left_out "zsh without zpty"; return 1; }; }
}
if has_zpty; then
	mkdir zdot
	cat >zdot/.zshrc <<-'ZSH'
		fpath=($RD_ROOT/completions $fpath)
		autoload -U compinit
		compinit -u -D
		compadd() {
			local -a got
			if [[ " $* " != *" -"[OAD]" "* ]]; then
				builtin compadd -O got "$@"
				print -rl -- $got >>$ADDED
			fi
			builtin compadd "$@"
		}
		leave() { print -r -- end >>$ADDED; exit }
		zle -N leave
		bindkey '^X' leave
	ZSH
	in_zsh() { # words…
		export ZDOTDIR="$PWD/zdot" ADDED="$PWD/added" TERM=dumb
		: >added
		# shellcheck disable=SC2016 # expanded by the zsh started here
		timeout 60 zsh -f -c 'zmodload zsh/zpty; zpty z zsh -d -i
			zpty -n -w z "$1"$'"'\\t\\x18'"'
			while zpty -r z line; do :; done' zsh "$*"
		grep -qx end added || fail 'zsh did not come to an end'
		grep -vx end added | grep . | sort -u | tr '\n' ' '
	}
	offers in_zsh 'of.fice2 office offprint.rd offsite ' rd-view of
	offers in_zsh 'ci slow ' rd-view --profile ''
	offers in_zsh 'film ' rd-ctl fil
	offers in_zsh 'chapter ' rd-ctl --json film chap
	offers in_zsh 'uptime ' rd-ctl film get upt
	offers in_zsh 'path= ' rd-ctl desk set pa
	offers in_zsh 'check ' rd-ctl config ch
	offers in_zsh 'rd-netcheck ' rd-run rd-netch
	offers in_zsh 'rd-netcheck ' rd-run --size 640x480 -- rd-netch
	offers in_zsh 'exact ' rd-run --json rd-encode --updates copy,exa
	offers in_zsh "$DISPLAY " rd-shot --display "$DISPLAY"
fi
