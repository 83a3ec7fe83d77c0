#!/usr/bin/env bash
# The completions in completions/ are what the programs print, and complete
# option names, values, lists, and the command after "--".
set -eu
# shellcheck source=tests/tools/lib.sh
. "$(dirname "$0")/lib.sh"

tools='rd-capture rd-encode rd-view rd-send rd-recv rd-key rd-shot rd-wait rd-type rd-click rd-clip rd-run rd-ctl rd-top rd-indicator'
for tool in $tools; do
	"$RD_BIN/$tool" --completion bash | cmp - "$RD_ROOT/completions/$tool.bash" ||
		fail "completions/$tool.bash is old: make completions"
	"$RD_BIN/$tool" --completion zsh | cmp - "$RD_ROOT/completions/_$tool" ||
		fail "completions/_$tool is old: make completions"
	"$RD_BIN/$tool" --completion fish | cmp - "$RD_ROOT/completions/$tool.fish" ||
		fail "completions/$tool.fish is old: make completions"
done

# rd-share takes rd-send's options.
"$RD_ROOT/scripts/rd-share" --completion bash | cmp - "$RD_ROOT/completions/rd-share.bash"
"$RD_ROOT/scripts/rd-share" --completion zsh | cmp - "$RD_ROOT/completions/_rd-share"
"$RD_ROOT/scripts/rd-share" --completion fish | cmp - "$RD_ROOT/completions/rd-share.fish"

touch a-file.rd

# What bash offers for a command line; words are cut as bash cuts them.
in_bash() { # words…, the last being completed
	# shellcheck disable=SC2016 # expanded by the bash started here
	bash --norc -c '
		. "$0/completions/$1.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"_${1//-/_}"
		printf "%s\n" "${COMPREPLY[@]}"' "$RD_ROOT" "$@" | sort | tr '\n' ' '
}

offers() { # shell, expected, words…
	local shell=$1 expected=$2 got
	shift 2
	got=$("$shell" "$@")
	[ "$got" = "$expected" ] || fail "$shell: $* is completed with '$got' instead of '$expected'"
}

offers in_bash 'auto av1 ' rd-encode --codec a
offers in_bash 'vp8 vp9 ' rd-encode -c vp
offers in_bash 'auto av1 ' rd-encode --codec = a
offers in_bash 'auto av1 none vp8 vp9 ' rd-encode --codec =
offers in_bash 'copy,exact ' rd-encode --updates copy,e
offers in_bash '--version ' rd-encode --ver
offers in_bash '--no-confine ' rd-view --no-confin
offers in_bash 'a-file.rd ' rd-view --file a-f
offers in_bash 'a-file.rd ' rd-view a-f
offers in_bash ' ' rd-encode --fps ''
offers in_bash '-- ' rd-encode ''
offers in_bash 'auto direct relay ' rd-share --path ''
offers in_bash '--view-only ' rd-share --vie
offers in_bash '--virtual ' rd-share --vir
offers in_bash ' ' rd-share --virtual ''
offers in_bash 'a-file.rd ' rd-view -- cat a-f
# What was typed is not replaced by the dashes that belong there.
offers in_bash ' ' rd-encode rd-capt
mkdir -p own
printf '#!/bin/sh\n' >own/own-command
chmod 755 own/own-command
PATH="$PWD/own:$PATH"
# rd-run's command begins where an operand stands, and may follow "--".
offers in_bash 'own-command ' rd-run own-co
offers in_bash 'own-command ' rd-run --size 640x480 -o a.webm --json own-co
offers in_bash 'own-command ' rd-run --size = 640x480 own-co
offers in_bash 'own-command ' rd-run --wm = twm own-co
offers in_bash 'own-command ' rd-run -- own-co
offers in_bash 'a-file.rd ' rd-run own-command a-f
offers in_bash 'a-file.rd ' rd-run --size 640x480 own-command --size a-f
offers in_bash 'a-file.rd ' rd-run --record a-f
offers in_bash '--size ' rd-run --si
offers in_bash ' ' rd-run --size ''
offers in_bash ' ' rd-run own-command --si
case $(in_bash rd-view -- ca) in *cat*) ;; *) fail "bash: no command after --" ;; esac
case $(in_bash rd-view -- rd-enc --codec a) in *av1*) fail "bash: rd-view's options after --" ;; esac

if have fish; then
	in_fish() { # words…
		fish --no-config -c "
			for tool in $tools
				source '$RD_ROOT'/completions/\$tool.fish
			end
			complete -C '$*'" | cut -f 1 | sort | tr '\n' ' '
	}
	offers in_fish 'auto av1 ' rd-encode --codec a
	offers in_fish '--codec=auto --codec=av1 ' rd-encode --codec=a
	offers in_fish 'vp8 vp9 ' rd-encode -c vp
	offers in_fish 'copy,exact ' rd-encode --updates copy,e
	offers in_fish '--version ' rd-encode --ver
	offers in_fish '--no-confine ' rd-view --no-confin
	offers in_fish 'a-file.rd ' rd-view a-f
	offers in_fish 'auto av1 ' rd-view -- rd-encode --codec a
	offers in_fish 'own-command ' rd-run own-co
	offers in_fish 'own-command ' rd-run --size 640x480 -o a.webm --json own-co
	offers in_fish 'own-command ' rd-run -- own-co
	offers in_fish 'a-file.rd ' rd-run own-command a-f
	offers in_fish 'auto av1 ' rd-run --size=640x480 rd-encode --codec a
	offers in_fish 'auto av1 ' rd-run -- rd-encode --codec a
	offers in_fish '--size ' rd-run --si
	case $(in_fish rd-view -- ca) in *cat*) ;; *) fail "fish: no command after --" ;; esac
fi

if have zsh; then
	# _normal and _arguments of the completion system say here what they were asked.
	in_zsh() { # words…
		# shellcheck disable=SC2016 # expanded by the zsh started here
		zsh -f -c '
			_normal() { print -r -- normal $CURRENT: $words }
			_arguments() { print -rl -- $argv | grep -o "^--[a-z]*=*\[\|^([^)]*)" | sort | head -n 2 }
			complete_it() { local -a words=("${(@)argv[2,-1]}"); local CURRENT=$#words; source $1 }
			complete_it "$0/completions/_$1" "$@"' "$RD_ROOT" "$@" | tr '\n' ' '
	}
	for tool in $tools; do
		zsh -n "$RD_ROOT/completions/_$tool" || fail "zsh cannot read _$tool"
	done
	offers in_zsh 'normal 2: rd-encode --c ' rd-view -- rd-encode --c
	offers in_zsh 'normal 1: rd-enc ' rd-view --view-only -- rd-enc
	case $(in_zsh rd-encode --c) in *normal* | '') fail "zsh: no options" ;; esac
fi
