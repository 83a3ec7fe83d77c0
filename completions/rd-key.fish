# fish completion for rd-key, printed by: rd-key --completion fish
function __rd_key_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-key -f
complete -c rd-key -n 'contains -- -- (commandline -opc)' -x -a '(__rd_key_command)'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s c -l config -x -a '(__fish_complete_directories)' -d 'where the keys and config.yaml are; otherwise $XDG_CONFIG_HOME/rd or ~/.config/rd'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s j -l json -d 'an object of JSON a line'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s r -l replace -d 'allow, trust, relay, new, totp: in place of what is there'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l remove -d 'password, totp, wake: take it away'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s v -l view-only -d 'allow: may watch, and do nothing'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-sound -d 'allow: hears what sounds here'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-clipboard -d 'allow: shares the clipboard, both ways'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-clipboard-in -d 'allow: what is copied there can be pasted here'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-clipboard-out -d 'allow: what is copied here can be pasted there'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l microphone -d 'allow: may speak here'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-desktop -d 'allow: sees the desktop at all; without, only services'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s s -l service -x -d 'allow: may use this service, too; may be given again'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s e -l expires -x -d 'allow: until then, such as 2027-01-31 or 2027-01-31T18:30, in UTC'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s f -l from -x -d 'allow: only from there, such as 192.0.2.0/24; may be given again'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s o -l options -x -d 'allow: all that as a line of authorized_keys has it'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-join -d 'relay: it takes hosts by a join key, which is asked for'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l join-fd -x -d 'relay: read the join key from that descriptor, a line, instead of asking'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-own -d 'relay: it is the one used where none is named; --no-own: only know its key'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l via -x -d 'trust: the host is met through that relay'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l forget -x -d 'relay: know it no longer'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l password-fd -x -d 'password: read it from that descriptor, a line, instead of asking'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l passphrase-fd -x -d 'passphrase, new: read it from that descriptor; the old one, if any, a line before'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-key -n 'not contains -- -- (commandline -opc)' -F
