# bash completion for rd-indicator, printed by: rd-indicator --completion bash
_rd_indicator()
{
	local cur=${COMP_WORDS[COMP_CWORD]} option colon= i begins=0 words=()
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD && !begins; i++)); do
		case ${COMP_WORDS[i]} in
		--) begins=$((i + 1)) ;;
		--display | -d | --pause-key | --end-key | --log | --profile | --config)
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			;;
		-?*) [[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2)) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
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
	--display | -d)
		mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words displays 2>/dev/null)" -- "$cur")
		COMPREPLY=("${COMPREPLY[@]#"$colon"}")
		return
		;;
	--pause-key)
		return
		;;
	--end-key)
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
		mapfile -t COMPREPLY < <(compgen -W '--display --pause-key --end-key --quiet --log --help --version --profile --config --no-config' -- "$cur")
		return
	fi
	[[ ${COMP_WORDS[COMP_CWORD]} == = || ${COMP_WORDS[COMP_CWORD - 1]} == = ]] && return
	mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words operands "${words[@]}" 2>/dev/null)" -- "$cur")
	[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
}
complete -F _rd_indicator rd-indicator
