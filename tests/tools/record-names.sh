#!/usr/bin/env bash
# Nothing is replaced unasked; each mistake has one line and its code.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
rd-capture --source test --size 64x48 --frames 40 >s.rd

refused() { # CODE WORDS ARGUMENT…
	local code=$1 words=$2
	shift 2
	exits "$code" rd-record "$@" >out 2>err </dev/null
	grep -q -- "$words" err || fail "$*: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line: $(cat err)"
	[ ! -s out ] || fail "$*: a name was printed"
}

echo precious >a.webm
refused 8 '--overwrite' s.rd a.webm
[ "$(cat a.webm)" = precious ] || fail "a file was replaced"
rd-record --overwrite s.rd a.webm
plays a.webm
mkfifo fifo.webm
ln -s a.webm link.webm
for special in fifo.webm link.webm; do
	refused 8 'no plain file' --overwrite s.rd $special
done
[ -p fifo.webm ] && [ -L link.webm ] || fail "what was no file is gone"
: >empty.webm
rd-record s.rd empty.webm
plays empty.webm
if [ "$(id -u)" -eq 0 ]; then
	: >another.webm
	chown 65534 another.webm
	refused 8 '--overwrite' s.rd another.webm
	[ ! -s another.webm ] || fail "another user has got the film"
else
	left_out "a file of another user: only root can make one"
fi

refused 2 'which format' s.rd a.mp4
refused 2 'where to' --fps 3
refused 8 'No such file' s.rd no/such/folder.webm
refused 10 'No such file' no.rd new.webm
refused 2 '--split-size' --split-size 3 s.rd new.webm
refused 2 'cannot be split' --last 3s --split-time 1s s.rd new.webm
refused 2 '--save-at-end' --save-at-end s.rd new.webm
refused 2 'one file' --split-time 3s s.rd -
refused 2 'no such descriptor' --chapters 77 s.rd new.webm
refused 10 'mkfifo' --chapters no.fifo s.rd new.webm
refused 2 'no FIFO' --captions s.rd s.rd new.webm
refused 9 'command not found' new.webm -- no-such-command
# what can write nothing starts nothing: a command may spend a code of one use
spends=(-- touch spent)
refused 8 'No such file' no/such/folder.webm "${spends[@]}"
refused 8 '--overwrite' a.webm "${spends[@]}"
exits 8 rd-record - "${spends[@]}" >/dev/full 2>err
grep -q 'standard output: No space left' err || fail "onto a full device: $(cat err)"
exits 8 rd-record - "${spends[@]}" >&- 2>err
grep -q 'standard output: Bad file' err || fail "onto nothing: $(cat err)"
[ ! -e spent ] || fail "a command was started whose film nobody could write"
refused 4 'not an rd stream' ./a.webm new.webm
rm new.webm
refused 3 'stream is empty' - new.webm
[ ! -s new.webm ] || fail "a film without a picture"
refused 1 'no picture' new.webm -- peer -w hello end:0
exits 2 script -qec 'rd-record s.rd -' /dev/null >words
grep -q terminal words || fail "a film went to the terminal"
exits 2 script -qec 'rd-record t.webm' /dev/null >words
grep -q 'rd-encode . rd-record FILE' words || fail "$(cat words)"
exits 8 rd-record s.rd - >/dev/full 2>words
exits 8 rd-record s.rd named.webm >/dev/full 2>words
plays named.webm

# Where no picture comes from what was started, no empty file is left.
refused 9 'status 1' none.webm -- false
[ ! -e none.webm ] || fail "an empty film was left"
: >kept.webm
refused 9 'status 1' kept.webm -- false
[ -e kept.webm ] || fail "a file that was there is gone"

# A film is safe though nobody reads its name, as in a pipe that belongs to others.
mkfifo gone
: <gone &
exec 5>gone
wait $!
exits 0 rd-record s.rd unread.webm >&5 2>words
[ ! -s words ] || fail "says: $(cat words)"
plays unread.webm
exec 5>&-
rd-capture --source test --size 64x48 --frames 40 2>words |
	tee >(rd-record tee.webm 2>>words; echo >over) | rd-view --to hash - >hashes 2>>words
wait_for test -e over
[ ! -s words ] || fail "says: $(cat words)"
plays tee.webm
[ "$(tail -n 1 hashes)" = "$(rd-view --to hash s.rd | tail -n 1)" ] || fail "another picture"

# Cut short: what came before is in the film.
head -c 20000 s.rd | exits 3 rd-record cut.webm 2>words
plays cut.webm
grep -q 'cut short' words || fail "$(cat words)"

# Numbers: the first name has to be free; later ones that are taken are passed over.
echo precious >n-001.webm
rd-record --split-time 500ms s.rd n.webm >names
[ "$(cat n-001.webm)" = precious ] || fail "a numbered file was replaced"
[ "$(tr '\n' ' ' <names)" = "n-000.webm n-002.webm n-003.webm " ] || fail "names: $(cat names)"
refused 8 '--overwrite' --split-time 500ms s.rd n.webm
