# bash completion for rd-send, printed by: rd-send --completion bash
_rd_send()
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
	--metrics)
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
	--profile)
		mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words profiles 2>/dev/null)" -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--listen --relay --no-relay --code --code-fd --remember --path --no-relay-policy --shared --view-only --once --max-viewers --timeout --on-connect --ask --lock-on-end --blank --no-introduce --announce --identity --config --no-udp --no-tcp --cc --rate --json --name --indicator --no-control --metrics --metrics-anywhere --no-confine --relay-way --ca-file --log --help --version --profile --no-config' -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W -- -- "$cur")
}
complete -F _rd_send rd-send
