# bash completion for rd-send, printed by: rd-send --completion bash
_rd_send()
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
	--listen | -l)
		return
		;;
	--relay | -r)
		return
		;;
	--code-fd)
		return
		;;
	--remember)
		return
		;;
	--path)
		mapfile -t COMPREPLY < <(compgen -W 'auto direct relay' -- "$cur")
		return
		;;
	--max-viewers | -m)
		return
		;;
	--timeout | -t)
		return
		;;
	--on-connect | -c)
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
		;;
	--identity | -i)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--config)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--cc)
		mapfile -t COMPREPLY < <(compgen -W 'scream fixed' -- "$cur")
		return
		;;
	--rate)
		return
		;;
	--name)
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
	--log)
		mapfile -t COMPREPLY < <(compgen -W 'error warn info debug trace' -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--listen --relay --no-relay --code --code-fd --remember --path --no-relay-policy --shared --view-only --once --max-viewers --timeout --on-connect --ask --no-introduce --identity --config --no-udp --no-tcp --cc --rate --json --name --no-control --no-confine --relay-way --ca-file --log --help --version' -- "$cur")
		return
	fi
	COMPREPLY=(--)
}
complete -F _rd_send rd-send
