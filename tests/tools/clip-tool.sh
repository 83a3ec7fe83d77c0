#!/usr/bin/env bash
# rd-clip prints and fills the clipboard of a display here, by ssh, of a host that
# rd-send serves, and of any command; what it puts stays, and is one process.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"
. "$RD_ROOT/tests/tools/lib-ssh.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

start_x 320x240
display=$DISPLAY
holders() { pgrep -fx "rd-capture --hold-clipboard $display" | wc -l; }
one_holder() { [ "$(holders)" -eq 1 ]; }
no_holder() { [ "$(holders)" -eq 0 ]; }

exits 53 rd-clip get 2>words
grep -q 'nothing is in that clipboard' words
printf 'Grüße' | rd-clip put
printf 'Grüße' >blob
pasted "$display" UTF8_STRING blob || fail "put: $(cat got.pasted)"
[ "$(rd-clip get)" = 'Grüße' ] || fail "get"
[ "$(rd-clip types)" = 'text/plain;charset=utf-8' ] || fail "$(rd-clip types)"
[ "$(rd-clip types --json)" = '{"secret":false,"types":["text/plain;charset=utf-8"]}' ] || fail "$(rd-clip types --json)"
[ "$(rd-clip get --json)" = '{"type":"text/plain;charset=utf-8","size":7,"text":"Grüße"}' ] || fail "$(rd-clip get --json)"
exits 53 rd-clip get -t html 2>words
grep -q 'there is text/plain' words || fail "$(cat words)"

# Each put takes the place of the last one, and its process; a copy by hand, too.
wait_for one_holder
printf '\x89PNG\r\n' | rd-clip put -t png --json >said
[ "$(cat said)" = '{"type":"image/png","size":6,"kept":true}' ] || fail "$(cat said)"
wait_for one_holder
[ "$(rd-clip get -t image/png --json)" = '{"type":"image/png","size":6,"base64":"iVBORw0K"}' ] || fail "png"
for size in 0 1 65537 67108864; do
	blob $size
	rd-clip put --type png <blob
	rd-clip get --type png | cmp - blob || fail "$size bytes"
done
wait_for one_holder
printf 'by hand' >blob
copy "$display" UTF8_STRING blob
wait_for no_holder
[ "$(rd-clip get)" = 'by hand' ] || fail "by hand: $(rd-clip get)"
# Nobody waits for it: not a pipe on its stderr, either.
timeout 20 sh -c 'echo piped | rd-clip put 2>&1 | cat' || fail "put keeps its descriptors"
[ "$(rd-clip get)" = piped ] || fail "piped"
printf secret | rd-clip put --secret
[ "$(rd-clip types --json)" = '{"secret":true,"types":["text/plain;charset=utf-8"]}' ] || fail "$(rd-clip types --json)"

# What is selected.
printf selected >blob
copy "$display" UTF8_STRING blob primary
selected_is() { [ "$(rd-clip get --primary)" = "$1" ]; }
wait_for selected_is selected
printf 'selected, too' | rd-clip put --primary
selected_is 'selected, too' || fail "put --primary"
[ "$(rd-clip get)" = secret ] || fail "put --primary is the clipboard's"
copy "$display" UTF8_STRING blob primary
wait_for one_holder

# With --wait nothing travels before it is pasted, and something else ends it.
start sh -c 'printf waits | exec rd-clip put --wait --json >said'
waiting=$pid
said() { grep -q '"kept":false' said; }
wait_for said
[ "$(rd-clip get)" = waits ] || fail "--wait"
wait_for no_holder
printf other | rd-clip put
wait_end "$waiting"
[ "$status" -eq 0 ] || fail "--wait ends with $status"

# By ssh, of a command, and in a session of a host.
make_keys
start_sshd "$RD_BIN:/usr/bin:/bin"
there=(--ssh-command "ssh -F $PWD/ssh_config" "ssh://there/$display")
printf 'by ssh' | rd-clip put "${there[@]}"
[ "$(rd-clip get "${there[@]}")" = 'by ssh' ] || fail "ssh"
[ "$(rd-clip get -- rd-encode -- rd-capture)" = 'by ssh' ] || fail "a command"
serve --shared -- rd-encode -- rd-capture --display "$display"
admit
know
blob 3000000
rd-clip put -t png "$at" <blob
rd-clip get -t png "$at" | cmp - blob || fail "a session"
wait_for one_holder
# What is selected is shared by who is told to, and said at once where it is not.
exits 54 rd-clip get --primary "$at" 2>words
grep -q 'what is selected there is not shared with us' words || fail "$(cat words)"
printf selected >selected
exits 54 rd-clip put --primary "$at" <selected 2>words
grep -q 'it was not taken: the other side does not allow it' words || fail "$(cat words)"
# Its right, and the other one.
admit --no-clipboard-in
exits 54 rd-clip put -t png "$at" <blob 2>words
grep -q 'not shared with us to be filled: our key may have no right to' words || fail "$(cat words)"
rd-clip get -t png "$at" | cmp - blob || fail "get needs no other right"
admit --no-clipboard-out
exits 54 rd-clip get "$at" 2>words
printf 'put needs no other right' | rd-clip put "$at"
[ "$(rd-clip get)" = 'put needs no other right' ] || fail "put in a session"

# What a terminal would obey is not obeyed.
printf 'a\033[31mb\233c' | iconv -f LATIN1 -t UTF-8 | rd-clip put
script -qec 'rd-clip get' /dev/null >shown
! LC_ALL=C grep -q "$(printf '\033')" shown || fail "an escape reached the terminal"
