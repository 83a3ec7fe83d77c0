# bash completion for rd-recv, printed by: rd-recv --completion bash
_rd_recv()
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
	--timeout)
		return
		;;
	--service)
		return
		;;
	--host-key)
		return
		;;
	--identity | -i)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--identity-fd)
		return
		;;
	--password-fd)
		return
		;;
	--totp-fd)
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
		mapfile -t COMPREPLY < <(compgen -W '--once --timeout --view-only --service --list --wake --host-key --accept-new --identity --identity-fd --password-fd --totp-fd --code --code-fd --relay --path --no-relay-policy --remember --relay-way --ca-file --config --udp --tcp --json --name --no-control --metrics --metrics-anywhere --no-confine --log --help --version --profile --no-config' -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$(rd-ctl words hosts 2>/dev/null)" -- "$cur"; compgen -A hostname -- "$cur")
}
complete -F _rd_recv rd-recv
