# For tests of pages of metrics. Sourced after lib.sh.
#
#	page_of LOG	where that program's page is, from its event or its line
#	scrape URL	the page, into the file `page`
#	metric SAMPLE	the value of that sample in `page`, named as it stands there
#	theirs TOOL SAMPLE	the same of programs of that name that it has started
#	staged STAGE	how many frames its histogram has counted
#	well_formed	what of `page` is not in the text format 0.0.4 is told and fails
# shellcheck shell=bash disable=SC2034

page_of() { # log
	sed -n 's|.*"event":"metrics".*"address":"\([^"]*\)","port":\([0-9]*\).*|http://\1:\2/metrics|p
		s|.*metrics are at \(http://[^ ]*\)$|\1|p' "$1" | head -n 1
}

scrape() { # url
	curl -sf -m 20 "$1" >page
}

# Of the program that was asked; of those it has started each sample has a pid.
metric() { # sample, without the label tool
	sed -E '/[{,]pid="/d; s/\{tool="[^"]*",?/{/; s/\{\}//' page | awk -v name="$1" '$1 == name { print $2 }'
}

theirs() { # program, sample without the labels tool and pid
	sed -nE "s/\{tool=\"$1\",pid=\"[0-9]+\",?/{/p" page | sed 's/{}//' | awk -v name="$2" '$1 == name { print $2 }'
}

staged() { # stage: frames in its histogram
	metric "rd_stage_seconds_count{stage=\"$1\"}"
}

# Each metric has its HELP and TYPE once, right before its samples; a counter ends in
# _total, values are numbers, no sample stands twice. Of a histogram the buckets rise
# with their bounds, the last of them is +Inf and the count, and there is a sum.
well_formed() {
	[ -s page ] || fail "the page is empty"
	awk '
	function wrong(why) { print "metrics, line " NR ": " why ": " $0; bad = 1 }
	/^# HELP / { if (NF < 4) wrong("no words"); help = $3; next }
	/^# TYPE / {
		if ($3 != help) wrong("no HELP before it")
		if (seen[$3]++) wrong("again")
		if ($4 !~ /^(counter|gauge|histogram)$/) wrong("no type")
		if ($4 == "counter" && $3 !~ /_total$/) wrong("a counter without _total")
		if ($4 != "counter" && $3 ~ /_total$/) wrong("_total without a counter")
		if ($3 ~ /_(ms|bits|milliseconds)(_|$)/) wrong("no base unit")
		now = $3; type = $4; next
	}
	/^#/ { wrong("a comment"); next }
	!/^[a-z_][a-z0-9_]*(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? [-+0-9.einfa]+$/ { wrong("no sample"); next }
	{
		name = $1; sub(/\{.*/, "", name)
		if (type == "histogram") sub(/_(bucket|sum|count)$/, "", name)
		if (name != now) wrong("a sample of another metric than " now)
		sample = $0; sub(/ [^ ]*$/, "", sample)
		if (have[sample]++) wrong("twice")
	}
	type == "histogram" {
		row = $0; sub(/^[^{]*\{?/, "", row); sub(/\}? [^ ]*$/, "", row)
		le = ""
		if (match(row, /,?le="[^"]*"/)) {
			le = substr(row, RSTART, RLENGTH); gsub(/^,?le="|"$/, "", le)
			row = substr(row, 1, RSTART - 1) substr(row, RSTART + RLENGTH)
		}
		row = name " " row; rows[row] = 1
		if ($0 ~ /^[^{ ]*_bucket/) {
			if (le == "") wrong("a bucket without a bound")
			if (row in inf) wrong("a bucket after the last")
			if (row in bucket && $2 < bucket[row]) wrong("less than in the bucket below")
			if (row in bound && le != "+Inf" && le + 0 <= bound[row]) wrong("no higher bound")
			bucket[row] = $2; bound[row] = le + 0
			if (le == "+Inf") inf[row] = $2
		} else if ($0 ~ /^[^{ ]*_count/) count[row] = $2
		else if ($0 ~ /^[^{ ]*_sum/) sum[row] = $2
		else wrong("no part of a histogram")
	}
	END {
		for (row in rows)
			if (!(row in inf) || !(row in count) || !(row in sum) || inf[row] != count[row] || sum[row] < 0) {
				print "metrics: the histogram " row " is not whole"; bad = 1
			}
		exit bad
	}' page >&2 || fail "the page is not well formed"
}
