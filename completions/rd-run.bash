# bash completion for rd-run, printed by: rd-run --completion bash
_rd_run()
{
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} i
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
	if [[ $cur == = ]]; then
		cur=
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
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
	--server-args)
		return
		;;
	--log)
		mapfile -t COMPREPLY < <(compgen -W 'error warn info debug trace' -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--size --record --keep --overwrite --no-pointer --fps --timeout --grace --wm --server-args --json --quiet --log --help --version' -- "$cur")
		return
	fi
	COMPREPLY=(--)
}
complete -F _rd_run rd-run
