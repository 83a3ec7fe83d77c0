# bash completion for rd-ctl, printed by: rd-ctl --completion bash
_rd_ctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} option colon= i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -- ]] || continue
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		elif ((i + 1 == COMP_CWORD)); then
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		else
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		return
	done
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
	--wait | -w)
		return
		;;
	--timeout | -t)
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
		mapfile -t COMPREPLY < <(compgen -W '--json --follow --wait --timeout --log --help --version --profile --config --no-config' -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words sessions 2>/dev/null)" -- "$cur")
}
complete -F _rd_ctl rd-ctl
