# bash completion for rd-capture, printed by: rd-capture --completion bash
_rd_capture()
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
	--source | -s)
		return
		;;
	--display | -d)
		mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words displays 2>/dev/null)" -- "$cur")
		COMPREPLY=("${COMPREPLY[@]#"$colon"}")
		return
		;;
	--monitor | -m)
		return
		;;
	--window | -w)
		return
		;;
	--region | -g)
		return
		;;
	--hide)
		return
		;;
	--hide-window)
		return
		;;
	--fps | -r)
		return
		;;
	--frames | -n)
		return
		;;
	--duration | -t)
		return
		;;
	--size)
		return
		;;
	--sound)
		mapfile -t COMPREPLY < <(compgen -W 'off on' -- "$cur")
		return
		;;
	--clipboard)
		mapfile -t COMPREPLY < <(compgen -W 'off to-host to-viewer both' -- "$cur")
		return
		;;
	--clipboard-max)
		return
		;;
	--injector)
		mapfile -t COMPREPLY < <(compgen -W 'x11 log' -- "$cur")
		return
		;;
	--format | -f)
		mapfile -t COMPREPLY < <(compgen -W 'stream y4m' -- "$cur")
		return
		;;
	--chroma)
		mapfile -t COMPREPLY < <(compgen -W '420 444' -- "$cur")
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
	--config)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--source --display --monitor --window --region --hide --hide-window --fps --frames --duration --size --cursor --sound --microphone --view-only --resize --blank --lock-on-end --inject --answer --clipboard --clipboard-max --primary --injector --format --chroma --list --json --log --help --version --profile --config --no-config' -- "$cur")
		return
	fi
}
complete -F _rd_capture rd-capture
