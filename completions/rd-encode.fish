# fish completion for rd-encode, printed by: rd-encode --completion fish
function __rd_encode_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-encode -f
complete -c rd-encode -n 'contains -- -- (commandline -opc)' -x -a '(__rd_encode_command)'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s c -l codec -x -a 'auto av1 vp9 vp8 none' -d 'codec for what moves too much to be sent exactly'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l updates -x -a '(__fish_append , copy exact video)' -d 'kinds of update that changes may travel as'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l chroma -x -a 'auto 444 420' -d 'colour resolution of video; auto: 444 where the codec has it'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s q -l quantizer -x -d 'of video: 0 is best, 63 smallest'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l lossless -d 'no video: every picture exact'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s b -l max-bitrate -x -d 'never send more, in bits a second (800k, 4M)'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l sound-bitrate -x -d 'of sound, in bits a second'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s r -l fps -x -d 'at most so many frames a second; without it 60 in the long run; with --format ivf exactly so many'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s s -l scale -x -d 'make the picture smaller: 0.1 to 1, or to fit a size'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s t -l threads -x -d 'threads of the video encoder'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s f -l format -x -a 'stream ivf' -d 'rd-stream(5), or the video alone as IVF'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l stats -r -F -d 'at the end, write a line of JSON with what was done; - is stderr'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l name -x -d 'what rd-ctl calls it; default: as the program that started it'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l no-control -d 'rd-ctl may ask and tell it; --no-control: it cannot'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l metrics -x -d 'where Prometheus asks for our values, http://ADDR:PORT/metrics; of this machine'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l metrics-anywhere -d '--metrics may be an address that others reach, too'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-encode -n 'not contains -- -- (commandline -opc)' -a --
