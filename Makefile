# rd: remote desktop in pipes.
#
#   make                 programs into bin/
#   make demo            see it work, here and now
#   make check           build and run every test (TESTS="wire x11": only such; JOBS=1: one by one)
#   make install         DESTDIR=, PREFIX=
#   make bench           figures, beside peers
#   make lab             machines behind NATs, N= times (LAB="PRC-SEQ": only such)
#   make fuzz            FUZZ_SECONDS= for each parser
#   make coverage        which lines of net and of the relay's core the tests run
#   make lint completions clean
#
# SAN=address,undefined builds and tests under sanitizers, in a tree of its own.
# V=1 shows the commands. CC, CFLAGS, LDFLAGS and OPT are yours; what depends on
# them is built anew when they change.

VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=
CC = gcc
AR = ar
FUZZ_SECONDS ?= 60

# What each floor stands on, and which libraries it brings (names of scripts/probe).
FLOORS = look chan net codec desktop sound wire media control config base
BELOW_base =
BELOW_config = base
BELOW_control = base
BELOW_media = base
BELOW_wire = media base
BELOW_codec = wire media base
BELOW_desktop = wire media base
BELOW_sound = wire media base
BELOW_net = base
BELOW_chan = net wire media base
BELOW_look = codec wire media base
PKGS_base = libevent_core libseccomp
PKGS_config = yaml-0.1
PKGS_media = pixman-1 libyuv libpng libxxhash xkbcommon
PKGS_wire =
PKGS_codec = vpx aom dav1d libzstd opus
PKGS_sound = libpulse
PKGS_net = libsodium openssl miniupnpc natpmp avahi-client
PKGS_desktop = xcb xcb-shm xcb-damage xcb-xfixes xcb-randr xcb-xtest xcb-xinput xcb-xkb xcb-dpms \
	xkbcommon xkbcommon-x11

# The architecture in a few lines: who links what. Highest floor first.
TOOLS = rd-capture rd-encode rd-view rd-record rd-shot rd-wait rd-type rd-click rd-clip rd-run rd-send rd-recv \
	rd-key rd-relay rd-netcheck rd-ctl rd-top rd-indicator
BELOW_rd-capture = desktop sound wire media base
BELOW_rd-encode = codec wire media control base
BELOW_rd-view = look codec desktop sound wire media control base
BELOW_rd-record = look codec wire media control base
BELOW_rd-shot = look codec wire media base
BELOW_rd-wait = look codec wire media base
BELOW_rd-type = look codec wire media base
BELOW_rd-click = look codec wire media base
BELOW_rd-clip = look codec wire media base
BELOW_rd-run = desktop wire media control base
BELOW_rd-send = chan net wire media control base
BELOW_rd-recv = chan net wire media control base
BELOW_rd-key = net base
BELOW_rd-netcheck = net base
BELOW_rd-relay = net control base
BELOW_rd-ctl = control base
BELOW_rd-top = control base
BELOW_rd-indicator = desktop wire media control base
PKGS_rd-view = sdl2 x11 zlib
PKGS_rd-record = libavformat libavcodec libavutil
PKGS_rd-relay = openssl
PKGS_rd-ctl = jansson
PKGS_rd-indicator = jansson
PKGS_rd-top = ncursesw jansson libevent_extra
# Each of them reads the configuration.
$(foreach t,$(TOOLS),$(eval BELOW_$(t) := $(patsubst base,config base,$(BELOW_$(t)))))

comma = ,
B = build/$(if $(SAN),san-$(subst $(comma),-,$(SAN)),release)
BIN = $(if $(SAN),$B/bin,bin)

# --- what is asked for, and what it needs first ---------------------------

# build/packages.mk holds CFLAGS_name and LIBS_name of every library. The goals
# that promise their own set-up install what is missing; they look every time.
.DEFAULT_GOAL = all
PACKAGES = build/packages.mk
GOALS = $(or $(MAKECMDGOALS),all)
SETUP = $(if $(filter check check-build lab coverage,$(GOALS)),test) $(filter demo bench,$(GOALS))
BUILDS = $(filter-out clean lint coverage,$(GOALS))

ifneq ($(BUILDS),)
include $(PACKAGES)
endif

$(PACKAGES): scripts/probe $(if $(strip $(SETUP)),FORCE)
	@mkdir -p $(@D)
	@$(if $(strip $(SETUP)),scripts/deps build $(SETUP))
	@new=$@.$$$$; \
	CC='$(CC)' scripts/probe > $$new || { rm -f $$new; exit 1; }; \
	if cmp -s $$new $@ && [ $@ -nt scripts/probe ]; then rm $$new; else mv $$new $@; fi

# --- flags -----------------------------------------------------------------

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wundef -Wvla
OPT = -O2 -g
HARDEN = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
SANITIZE = -fsanitize=$(SAN) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
BASE_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) -fno-strict-aliasing -Isrc
ALL_CFLAGS = $(BASE_CFLAGS) -fvisibility=hidden $(OPT) $(if $(SAN),$(SANITIZE),$(HARDEN)) $(CFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(if $(SAN),$(SANITIZE),-Wl,-z,relro,-z,now) $(LDFLAGS)
SYSTEM_LIBS = -lm -lpthread

# Of a floor or tool, its own packages and those of what it stands on.
packages = $(foreach f,$(1) $(BELOW_$(1)),$(PKGS_$(f)))
cflags = $(sort $(foreach p,$(1),$(CFLAGS_$(p))))
libs = $(foreach p,$(1),$(LIBS_$(p)))
ALL_PKGS = $(foreach f,$(FLOORS),$(PKGS_$(f)))

# A file that holds a text, written anew only when the text is another one: what
# depends on it is made again when a flag, the commit or the list of sources is.
same = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))
remember = $(if $(call same,$(strip $(file <$(1))),$(strip $(2))),,\
	$(shell mkdir -p $(dir $(1)))$(file >$(1),$(strip $(2))))
SOURCES = $(sort $(wildcard src/*/*.c))
COMMIT := $(shell git describe --always --dirty --abbrev=10 2>/dev/null || echo release)
ifneq ($(BUILDS),)
$(call remember,$B/flags,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS))
$(call remember,$B/commit,$(VERSION) $(COMMIT))
$(call remember,$B/sources,$(SOURCES))
endif

ifeq ($(V),)
Q = @
say = @printf '  %-5s %s\n' '$(1)' '$@'
endif

# --- programs ----------------------------------------------------------------

all: $(TOOLS:%=$(BIN)/%)

objects = $(patsubst src/%.c,$B/%.o,$(wildcard src/$(1)/*.c))
archives = $(foreach f,$(1),$B/lib$(f).a)

$B/%.o: src/%.c $B/flags $(PACKAGES)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(call cflags,$(PKGS)) -MMD -MP -c -o $@ $<

# A floor is an archive, and so is a tool without its main.c, for its tests.
define PART
$(call objects,$(1)): PKGS := $(call packages,$(1))
$B/lib$(1).a: $(filter-out %/main.o,$(call objects,$(1))) $B/sources
	$$(call say,AR)
	$$(Q)rm -f $$@ && $$(AR) rcs $$@ $$(filter %.o,$$^)
endef
$(foreach p,$(FLOORS) $(TOOLS),$(eval $(call PART,$(p))))

define TOOL
$(BIN)/$(1): $B/$(1)/main.o $(call archives,$(1) $(BELOW_$(1))) $B/flags
	@mkdir -p $$(@D)
	$$(call say,LD)
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(filter %.o %.a,$$^) \
		$$(call libs,$(call packages,$(1))) $$(SYSTEM_LIBS)
endef
$(foreach t,$(TOOLS),$(eval $(call TOOL,$(t))))

$B/base/version.o: ALL_CFLAGS += -DRD_VERSION='"$(VERSION)"' -DRD_COMMIT='"$(COMMIT)"'
$B/base/version.o: $B/commit

# scripts for users are linked beside the programs
SCRIPTS = $(wildcard scripts/rd-*)
all: $(SCRIPTS:scripts/%=$(BIN)/%)
$(SCRIPTS:scripts/%=$(BIN)/%): $(BIN)/%: scripts/%
	@mkdir -p $(@D); ln -sf "$(abspath $<)" $@

# --- tests ---------------------------------------------------------------------

# Unit tests: tests/PART/NAME.c, a cmocka program each, linked with that part
# and what it stands on and nothing else.
define TESTS_OF
$B/tests/$(1)/%: tests/$(1)/%.c $(call archives,$(1) $(BELOW_$(1))) $B/flags $(PACKAGES)
	@mkdir -p $$(@D)
	$$(call say,TEST)
	$$(Q)$$(CC) $$(ALL_CFLAGS) -Itests $$(call cflags,cmocka $(call packages,$(1))) -MMD -MP \
		$$(ALL_LDFLAGS) -o $$@ $$< $$(filter %.a,$$^) \
		$$(call libs,cmocka $(call packages,$(1))) $$(SYSTEM_LIBS)
endef
$(foreach p,$(FLOORS) $(TOOLS),$(eval $(call TESTS_OF,$(p))))
UNIT = $(foreach p,$(FLOORS) $(TOOLS),$(patsubst tests/%.c,$B/tests/%,$(wildcard tests/$(p)/*.c)))

# Helpers that shell tests and the bench drive: tests/tools/NAME.c.
AIDS = $(patsubst tests/tools/%.c,$B/aids/%,$(wildcard tests/tools/*.c))
$B/aids/%: tests/tools/%.c $(call archives,$(FLOORS)) $B/flags $(PACKAGES)
	@mkdir -p $(@D)
	$(call say,AID)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests $(call cflags,x11 openssl zlib $(ALL_PKGS)) -MMD -MP \
		$(ALL_LDFLAGS) -o $@ $< $(filter %.a,$^) $(call libs,x11 openssl zlib $(ALL_PKGS)) $(SYSTEM_LIBS)

L = build/libfuzzer
# Fuzz targets: tests/fuzz/NAME.c over tests/fuzz/corpus/NAME/. In check each is
# linked with a driver that runs its corpus and mutations of it.
FUZZ_SOURCES = $(filter-out tests/fuzz/driver.c,$(wildcard tests/fuzz/*.c))
FUZZ = $(FUZZ_SOURCES:tests/fuzz/%.c=$B/fuzz/%)
$B/fuzz/%: tests/fuzz/%.c $B/fuzz/driver.o $(call archives,$(FLOORS)) $B/flags $(PACKAGES)
	@mkdir -p $(@D)
	$(call say,FUZZ)
	$(Q)$(CC) $(ALL_CFLAGS) $(call cflags,$(ALL_PKGS)) -MMD -MP \
		$(ALL_LDFLAGS) -o $@ $< $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
		-Wl,--end-group $(call libs,$(PKGS_rd-relay) jansson $(ALL_PKGS)) $(SYSTEM_LIBS)
# One that plays a part of a tool.
RELAY_CORE = accounts admit bind carried core data greet half hosts leg legs meet peers route seal serve slots \
	tick work
$(addprefix $B/fuzz/,relay_core relay_config relay_forward): $B/librd-relay.a
$(addprefix $B/fuzz/,record_ebml record_lines): $B/librd-record.a
$B/fuzz/terminal_input: $B/librd-view.a
$(addprefix $B/fuzz/,top_prom top_snapshot): $B/librd-top.a
$B/fuzz/indicator_people: $B/librd-indicator.a
$L/fuzz/relay_core: $(RELAY_CORE:%=$L/rd-relay/%.o)
$L/fuzz/relay_forward: $(RELAY_CORE:%=$L/rd-relay/%.o) $(addprefix $L/rd-relay/,forward.o outbox.o \
	listen.o metrics.o)
$L/fuzz/relay_config: $L/rd-relay/config.o
$L/fuzz/record_ebml: $L/rd-record/ebml.o
$L/fuzz/record_lines: $L/rd-record/lines.o
$L/fuzz/top_prom: $(addprefix $L/rd-top/,prom.o relay.o ring.o)
$L/fuzz/top_snapshot: $(addprefix $L/rd-top/,snapshot.o model.o model_order.o layout.o layout_list.o \
	layout_session.o grid.o graph.o format.o ring.o ui.o once_local.o \
	once_table.o)
$L/fuzz/indicator_people: $(addprefix $L/rd-indicator/,people.o panel.o)
$L/fuzz/terminal_input: $(addprefix $L/rd-view/,terminal_input.o terminal_sequence.o terminal_keys.o)
$B/fuzz/driver.o: tests/fuzz/driver.c $B/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

check-build: all $(UNIT) $(AIDS) $(FUZZ)
check: check-build
	@RD_BIN='$(abspath $(BIN))' RD_BUILD='$(abspath $B)' RD_SAN='$(SAN)' tests/run $(TESTS)

demo: all
	@scripts/demo

# Built with gcov's counters, in a tree of its own. What reads foreign bytes is to be
# tested file by file; so is all of the relay but its sockets.
COVER = build/coverage
PARSERS = candidate code conn_follow frame keyfile_line keyfile_options packet params \
	lan_found lan_txt portmap_pcp relay_msg relay_packet relayfile stun ticket tunnel_proxy_parse \
	tunnel_upgrade wakefile
coverage:
	@find $(COVER) -name '*.gcda' -delete 2>/dev/null || true
	$(Q)$(MAKE) B=$(COVER) BIN=$(COVER)/bin OPT='-O1 -g --coverage' LDFLAGS=--coverage check-build
	@RD_BIN='$(abspath $(COVER)/bin)' RD_BUILD='$(abspath $(COVER))' tests/run net/ chan/ control/ rd-relay/ fuzz/
	@scripts/coverage $(COVER) src/net 90
	@scripts/coverage $(COVER) src/net 90 $(PARSERS)
	@scripts/coverage $(COVER) src/base 90 http
	@scripts/coverage $(COVER) src/control 90 web_request
	@scripts/coverage $(COVER) src/rd-relay 85 $(RELAY_CORE) config forward handoff tls_queue

# What the bench draws, types, watches and weighs with: tests/bench/*.c, one program.
BENCH_OBJECTS = $(patsubst tests/bench/%.c,$B/bench/%.o,$(wildcard tests/bench/*.c))
$B/bench/%.o: tests/bench/%.c $B/flags $(PACKAGES)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests $(call cflags,$(ALL_PKGS)) -MMD -MP -c -o $@ $<
$B/bench/rd-bench: $(BENCH_OBJECTS) $(call archives,chan net wire media base) $B/flags
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o %.a,$^) $(call libs,$(ALL_PKGS)) $(SYSTEM_LIBS)

bench: all $B/bench/rd-bench $B/aids/clap
	@RD_BIN='$(abspath $(BIN))' RD_BUILD='$(abspath $B)' tests/bench/run $(BENCH)

# N runs of each cell of the NAT matrix, or of those of LAB: tests/lab/run.
lab: check-build
	@RD_BIN='$(abspath $(BIN))' RD_BUILD='$(abspath $B)' N='$(or $(N),100)' tests/lab/run $(LAB)

lint:
	@scripts/lint

# `make fuzz` builds all floors with clang for libFuzzer, in build/libfuzzer.
FUZZ_CC = clang $(BASE_CFLAGS) -O1 -g -fno-omit-frame-pointer \
	-fno-sanitize-recover=all -DRD_VERSION='"fuzz"' -DRD_COMMIT='"fuzz"'
FUZZ_OBJECTS = $(foreach f,$(FLOORS),$(patsubst src/%.c,$L/%.o,$(wildcard src/$(f)/*.c)))
have-clang:
	@command -v clang >/dev/null || { echo 'make fuzz needs clang: scripts/deps fuzz' >&2; exit 1; }
$L/%.o: src/%.c $(PACKAGES) | have-clang
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer-no-link,address,undefined $(call cflags,$(ALL_PKGS)) \
		-MMD -MP -c -o $@ $<
$L/fuzz/%: tests/fuzz/%.c $(FUZZ_OBJECTS)
	@mkdir -p $(@D)
	$(call say,FUZZ)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined $(call cflags,$(ALL_PKGS)) \
		-MMD -MP -o $@ $< $(filter %.o,$^) $(call libs,$(PKGS_rd-relay) jansson $(ALL_PKGS)) $(SYSTEM_LIBS)
LIBFUZZER = $(FUZZ_SOURCES:tests/fuzz/%.c=$L/fuzz/%)
fuzz: $(LIBFUZZER)
	@scripts/fuzz $(FUZZ_SECONDS) $(LIBFUZZER)

# --- installing ------------------------------------------------------------------

# Completions are made from the programs' own option tables, and committed; so are
# the names that a configuration may have, which every tool knows of the others.
COMPLETED = $(TOOLS) $(notdir $(SCRIPTS))
completions: all
	@mkdir -p completions
	@for t in $(sort $(filter-out rd-relay,$(COMPLETED))); do \
		$(BIN)/$$t --completion names || exit 1; \
	done > build/names.inc && mv build/names.inc src/config/names.inc
	@for t in $(COMPLETED); do \
		$(BIN)/$$t --completion bash > completions/$$t.bash && \
		$(BIN)/$$t --completion zsh > completions/_$$t && \
		$(BIN)/$$t --completion fish > completions/$$t.fish || exit 1; \
	done

SHARE = $(DESTDIR)$(PREFIX)/share
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/bash-completion/completions \
		$(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 755 $(TOOLS:%=$(BIN)/%) $(SCRIPTS) $(DESTDIR)$(PREFIX)/bin
	for t in $(COMPLETED); do \
		install -m 644 completions/$$t.bash $(SHARE)/bash-completion/completions/$$t && \
		install -m 644 completions/_$$t $(SHARE)/zsh/site-functions/ && \
		install -m 644 completions/$$t.fish $(SHARE)/fish/vendor_completions.d/ || exit 1; \
	done
	install -d $(SHARE)/rd
	sed 's,@BINDIR@,$(PREFIX)/bin,g' share/rd-relay.service > $(SHARE)/rd/rd-relay.service
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/user
	for u in share/user/*.service; do \
		sed 's,@BINDIR@,$(PREFIX)/bin,g' $$u > $(DESTDIR)$(PREFIX)/lib/systemd/user/$${u##*/} || exit 1; \
	done
	for p in man/*.[1-8]; do \
		install -D -m 644 $$p $(SHARE)/man/man$${p##*.}/$${p##*/} || exit 1; \
	done

clean:
	rm -rf build
	find bin -mindepth 1 ! -name .gitignore -delete

FORCE:
.PHONY: all have-clang check check-build demo coverage bench lab lint fuzz completions install clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:
-include $(wildcard $B/*/*.d $B/tests/*/*.d $L/*/*.d)
