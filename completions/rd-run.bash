# bash completion for rd-run, printed by: rd-run --completion bash
_rd_run()
{
	local cur=${COMP_WORDS[COMP_CWORD]} option colon= i begins=0
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD && !begins; i++)); do
		case ${COMP_WORDS[i]} in
		--) begins=$((i + 1)) ;;
		--size | -s | --record | -o | --keep | -k | --fps | -r | --timeout | -t | --grace | --server | --server-args | --name | --log | --profile | --config)
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			;;
		-?*) [[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2)) ;;
		*) begins=$i ;;
		esac
	done
	((begins || i > COMP_CWORD)) || [[ $cur == [-=:]* || ${COMP_WORDS[i - 1]} == [=:] ]] || begins=$i
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
	--size | -s)
		return
		;;
	--record | -o)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--keep | -k)
		mapfile -t COMPREPLY < <(compgen -W 'always on-failure never' -- "$cur")
		return
		;;
	--fps | -r)
		return
		;;
	--timeout | -t)
		return
		;;
	--grace)
		return
		;;
	--server)
		mapfile -t COMPREPLY < <(compgen -W 'xvfb tigervnc auto' -- "$cur")
		return
		;;
	--server-args)
		return
		;;
	--name)
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
		mapfile -t COMPREPLY < <(compgen -W '--size --record --keep --overwrite --no-pointer --sound --fps --timeout --grace --wm --desktop --bus --server --server-args --name --no-control --json --quiet --log --help --version --profile --config --no-config' -- "$cur")
		return
	fi
}
complete -F _rd_run rd-run
