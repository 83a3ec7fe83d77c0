# bash completion for rd-encode, printed by: rd-encode --completion bash
_rd_encode()
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
	--codec | -c)
		mapfile -t COMPREPLY < <(compgen -W 'auto av1 vp9 vp8 none' -- "$cur")
		return
		;;
	--updates)
		local list=
		[[ $cur == *,* ]] && list=${cur%,*},
		compopt -o nospace 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -P "$list" -W 'copy exact video' -- "${cur##*,}")
		return
		;;
	--chroma)
		mapfile -t COMPREPLY < <(compgen -W 'auto 444 420' -- "$cur")
		return
		;;
	--quantizer | -q)
		return
		;;
	--max-bitrate | -b)
		return
		;;
	--sound-bitrate)
		return
		;;
	--fps | -r)
		return
		;;
	--scale | -s)
		return
		;;
	--threads | -t)
		return
		;;
	--format | -f)
		mapfile -t COMPREPLY < <(compgen -W 'stream ivf' -- "$cur")
		return
		;;
	--stats)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
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
	--config)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--codec --updates --chroma --quantizer --lossless --max-bitrate --sound-bitrate --fps --scale --threads --format --stats --name --no-control --metrics --metrics-anywhere --log --help --version --profile --config --no-config' -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W -- -- "$cur")
}
complete -F _rd_encode rd-encode
