# bash completion for rd-view, printed by: rd-view --completion bash
_rd_view()
{
	local cur=${COMP_WORDS[COMP_CWORD]} option colon= i begins=0
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD && !begins; i++)); do
		case ${COMP_WORDS[i]} in
		--) begins=$((i + 1)) ;;
		esac
	done
	if ((begins)); then
		if declare -F _command_offset >/dev/null; then
			_command_offset $begins
		elif ((begins == COMP_CWORD)) && [[ $cur != */* ]]; then
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		else
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		return
	fi
	i=$((COMP_CWORD - 1))
	if [[ $cur == : ]]; then
		colon=:
	elif [[ ${COMP_WORDS[i]} == : ]] && ((i > 1)); then
		colon=: cur=:$cur i=$((i - 1))
	fi
	if [[ $cur == = ]]; then
		cur=
	elif [[ ${COMP_WORDS[i]} == = ]] && ((i > 1)); then
		i=$((i - 1))
	fi
	option=${COMP_WORDS[i]}
	case $option in
	--to | -t)
		return
		;;
	--file)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--host)
		mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words hosts 2>/dev/null)" -- "$cur"; compgen -A hostname -- "$cur")
		return
		;;
	--code)
		return
		;;
	--code-fd)
		return
		;;
	--relay)
		return
		;;
	--path)
		mapfile -t COMPREPLY < <(compgen -W 'auto direct relay' -- "$cur")
		return
		;;
	--remember)
		return
		;;
	--relay-way)
		mapfile -t COMPREPLY < <(compgen -W 'auto udp tls' -- "$cur")
		return
		;;
	--ca-file)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--config)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--ssh-command)
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
		;;
	--clipboard)
		mapfile -t COMPREPLY < <(compgen -W 'off to-host to-viewer both' -- "$cur")
		return
		;;
	--clipboard-max)
		return
		;;
	--keyboard)
		mapfile -t COMPREPLY < <(compgen -W 'text physical' -- "$cur")
		return
		;;
	--monitor | -m)
		mapfile -t COMPREPLY < <(compgen -W 'all each primary' -- "$cur")
		return
		;;
	--scale)
		mapfile -t COMPREPLY < <(compgen -W 'auto 1 2' -- "$cur")
		return
		;;
	--pointer)
		mapfile -t COMPREPLY < <(compgen -W 'absolute relative' -- "$cur")
		return
		;;
	--sound)
		mapfile -t COMPREPLY < <(compgen -W 'off on' -- "$cur")
		return
		;;
	--microphone)
		mapfile -t COMPREPLY < <(compgen -W 'off on' -- "$cur")
		return
		;;
	--title)
		return
		;;
	--hold)
		mapfile -t COMPREPLY < <(compgen -W 'auto yes no' -- "$cur")
		return
		;;
	--frames)
		return
		;;
	--timeout)
		return
		;;
	--render)
		mapfile -t COMPREPLY < <(compgen -W 'auto surface texture' -- "$cur")
		return
		;;
	--graphics)
		mapfile -t COMPREPLY < <(compgen -W 'auto kitty sixel blocks' -- "$cur")
		return
		;;
	--colors)
		mapfile -t COMPREPLY < <(compgen -W 'auto 24bit 256 16 none' -- "$cur")
		return
		;;
	--name)
		return
		;;
	--metrics)
		return
		;;
	--log)
		mapfile -t COMPREPLY < <(compgen -W 'error warn info debug trace' -- "$cur")
		return
		;;
	--profile)
		mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words profiles 2>/dev/null)" -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--to --file --host --code --code-fd --relay --path --no-relay-policy --remember --relay-way --ca-file --config --ssh-command --wake --list --json --view-only --clipboard --clipboard-max --primary --fullscreen --grab --keyboard --monitor --scale --pointer --resize --sound --microphone --stats --title --hold --frames --timeout --render --graphics --colors --name --no-control --metrics --metrics-anywhere --no-confine --log --help --version --profile --no-config' -- "$cur")
		return
	fi
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words hosts 2>/dev/null)" -- "$cur"; compgen -f -- "$cur")
}
complete -F _rd_view rd-view
