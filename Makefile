# SPDX-License-Identifier: Apache-2.0
#
# make             build the library:  .build/lib/libcognitoauth.so.0
# make install     install what was built; PREFIX, DESTDIR, LIBDIR, INCLUDEDIR, MANDIR and DOCDIR say where
# make uninstall   remove it again
# make check       install what is missing, and run all tests
# make check-core  install what is missing, and run the tests of the core, which are the quick ones
# make check-sanitizers  run tests of the core and in C with AddressSanitizer, and with UndefinedBehaviorSanitizer
# make bench       compare a sign-out with the library to one by hand: time, calls, memory; PAIRS and ITEMS say how much
# make fuzz        feed what others write to the core, for SECONDS (1200) a target
# make check-systems  build, install and test it in other systems, for hours; SYSTEMS and PROGRAMS choose some
# make simulate    run the core in simulated worlds, for SECONDS (600), from SEED on; `make check` runs the first 500,000
# make tidy        install clang-tidy if it is missing, and hold the C of modules, examples and tests to it
# make matrix      let each fault befall each step of each call, for real: Tests/FAULTS.md
# make soak        sign in and out ten thousand times, and in two processes for SECONDS (600): what grows, who waits
# make demo        install what is missing, and show the library at work on real data
# make html        write the headers and documents as HTML into .build/html, with doxygen
# make generated   write what follows from the headers and the fault matrix: the list of exports, parts of the manual
# make dist        write the source and the binary tarball into .build/dist
# make deb         write the Debian packages into .build/dist
# make clean       remove everything that was built

VERSION := $(shell sed -n 's/^\#define COGNITOAUTH_VERSION_STRING "\(.*\)"/\1/p' Include/cognitoauth/version.h)
SONAME := libcognitoauth.so.0

SWIFT ?= swift
# A package build that strips by itself, and keeps the debug information, says STRIP=true.
# The linker of Swift 6.2 joins the attributes of objects for arm64 to what GNU's cannot read, and says so at each program.
STRIP ?= strip --strip-unneeded --remove-section=.ARM.attributes
LIBRARY := .build/lib/libcognitoauth.so.$(VERSION)
EMBEDDED := .build/embedded
# The GTK example is built where GTK is.
HAS_GTK := $(shell pkg-config --exists gtk4 2>/dev/null && echo yes)
EXAMPLES := $(patsubst Examples/%,.build/examples/%,$(filter-out $(if $(HAS_GTK),,Examples/gtk_%), \
    $(basename $(wildcard Examples/*.c)) $(wildcard Examples/*.cpp)))
EXAMPLE_FLAGS := -Wall -Wextra -Werror -O2
EXAMPLE_LIBRARIES = $$(PKG_CONFIG_PATH=$(dir $(PKG_CONFIG_FILE)) pkg-config --cflags --libs cognitoauth $(PACKAGES))
.build/examples/glib_main_loop: PACKAGES := glib-2.0
.build/examples/resume: PACKAGES := gio-2.0
.build/examples/gtk_account: PACKAGES := gtk4

.PHONY: all build library install uninstall examples generated html dist deb bench fuzz simulate matrix soak tidy demo clean \
    check check-support check-model check-simulation check-fuzz check-analysis check-documents check-abi check-growth \
    check-memory check-threads check-sanitizers check-install check-desktop check-core test-core check-contracts check-systems

all: library

PKG_CONFIG_FILE := .build/lib/pkgconfig/cognitoauth.pc

library: $(LIBRARY) $(PKG_CONFIG_FILE)

# SwiftPM knows what has to be built again, but for headers of C modules: a change there starts afresh.
# The linker options are in Package.swift; here is what only the command line can say: no RUNPATH, and no path of this
# machine in the debug information, of which the build ID is made. So any folder builds the same library, bit for bit.
$(LIBRARY): build .build/headers
	@if ! cmp --silent $(EMBEDDED)/release/libcognitoauth.so $(EMBEDDED)/shipped || ! [ -e $@ ]; then \
	    mkdir -p $(@D) && \
	    cp $(EMBEDDED)/release/libcognitoauth.so $@.new && \
	    $(STRIP) $@.new && \
	    Sources/Packaging/check-library.sh $@.new && \
	    mv $@.new $@ && \
	    cp $(EMBEDDED)/release/libcognitoauth.so $(EMBEDDED)/shipped; \
	fi
	@ln -sf libcognitoauth.so.$(VERSION) .build/lib/$(SONAME)
	@ln -sf $(SONAME) .build/lib/libcognitoauth.so

build: .build/headers
	$(SWIFT) build --traits Embedded --scratch-path $(EMBEDDED) --configuration release --product cognitoauth \
	    $(TRIPLE) --disable-local-rpath -Xswiftc -no-toolchain-stdlib-rpath --quiet \
	    -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=." \
	    -Xswiftc -file-prefix-map -Xswiftc "$(TOOLCHAIN)=/usr/lib/swift" \
	    -Xswiftc -Xfrontend -Xswiftc -no-clang-module-breadcrumbs \
	    -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen

toolchain_says = $(shell $(SWIFT) -print-target-info | sed -n 's/.*"$(1)": "\(.*\)".*/\1/p')
TOOLCHAIN = $(call toolchain_says,runtimeResourcePath)
# Debian's toolchain calls the machine x86_64-pc-linux-gnu, but has Embedded Swift's standard library only under the name
# that it has everywhere, x86_64-unknown-linux-gnu.
TRIPLE = $(patsubst %-pc-linux-gnu,--triple %-unknown-linux-gnu,$(filter %-pc-linux-gnu,$(call toolchain_says,triple)))

# What Swift builds refers to its folder by path: in another one it starts afresh.
PLACE := .build/place
ifneq ($(shell cat $(PLACE) 2>/dev/null),$(CURDIR))
.PHONY: $(PLACE)
endif
$(PLACE):
	mkdir -p $(@D)
	echo '$(CURDIR)' >$@

# The first `make` in a folder knows of no change, and leaves what `swift build` built there.
.build/headers: $(PLACE) $(shell find Sources Include -name '*.h' -o -name '*.modulemap' -o -name '*.map')
	[ ! -e $@ ] || rm -rf $(EMBEDDED) .build/thread .build/address .build/undefined .build/debug .build/*-linux-gnu .build/build.db .build/*.yaml
	touch $@

$(PKG_CONFIG_FILE): Sources/Packaging/cognitoauth.pc.in Include/cognitoauth/version.h
	mkdir -p $(@D)
	sed 's|@PREFIX@|$${pcfiledir}/../../..|; s|@INCLUDEDIR@|Include|; s|@LIBDIR@|.build/lib|; s|@VERSION@|$(VERSION)|' \
	    $< > $@

include Sources/Packaging/install.mk

examples: $(EXAMPLES)

.build/examples/%: Examples/%.c $(LIBRARY) $(PKG_CONFIG_FILE)
	mkdir -p $(@D)
	$(CC) -std=c11 $(EXAMPLE_FLAGS) $< -o $@ $(EXAMPLE_LIBRARIES)

.build/examples/%.cpp: Examples/%.cpp $(LIBRARY) $(PKG_CONFIG_FILE)
	mkdir -p $(@D)
	$(CXX) -std=c++17 $(EXAMPLE_FLAGS) $< -o $@ $(EXAMPLE_LIBRARIES)

# Only what is installed is linked to.
html:
	mkdir -p .build/documents
	rm -rf .build/html
	cp LICENSE CHANGELOG.md LAYOUT.md SECURITY.md .build/documents
	$(README) >.build/documents/README.md
	ln -sfn ../../Examples .build/documents/examples
	cd .build/documents && doxygen ../../Sources/Packaging/Doxyfile

generated:
	@Sources/Packaging/generated.py
	@Tests/Documents/fault_matrix.py

check:
	Sources/Packaging/install-dependencies.sh --tests
	$(MAKE) library examples
	$(MAKE) -j1 check-support check-model check-simulation check-fuzz check-analysis check-documents check-abi check-growth \
	    check-memory check-threads check-install check-desktop check-core check-contracts
	$(MAKE) bench PAIRS=2

check-core:
	Sources/Packaging/install-dependencies.sh --core
	$(MAKE) test-core

# Installs nothing, so that a package build can run it.
test-core: .build/headers
	$(SWIFT) test --disable-xctest --quiet $(WITHOUT_OVERLAYS) $(TEST_FLAGS)

# What Swift Testing has for Foundation is not used, but linked: Debian's Swift 6.2 lacks that library.
WITHOUT_OVERLAYS = $(if $(wildcard $(TOOLCHAIN)/linux/lib_Testing_Foundation.so),, \
    -Xswiftc -Xfrontend -Xswiftc -disable-cross-import-overlays)

check-contracts:
	Tests/CognitoAuthTests/Contracts/run.sh

check-abi: library
	Tests/ABI/run.sh

check-growth: library
	Tests/ABI/growth/check.sh

check-install: library
	Tests/Packaging/run.sh

# What a visitor who plays the browser goes through.
BROWSER_PROGRAMS := test_redirect_listener test_sign_in test_sign_in_browser test_sign_in_tokens test_sign_in_turns \
    test_sign_in_traces test_browser_mark test_browser_logout test_operation_browser

# Not among the checks: it takes hours, and needs root.
check-systems:
	Tests/Systems/run.sh $(SYSTEMS)

check-threads: .build/headers
	SANITIZER=thread Tests/ABI/run.sh test_stress test_threads test_operations test_operation_callbacks \
	    test_prompt test_encrypted_file $(BROWSER_PROGRAMS) \
	    test_wrapper_operations test_wrapper_callbacks test_watch test_watch_keyring test_watch_cost

# Not among the checks, for its time. AddressSanitizer looks for leaks too, but for the tests of the core, where Foundation
# has some. Of its encrypted file libsecret itself leaks some 28 bytes at each change, which leaks.supp names; to tell them
# apart takes so long that many processes at once come too late. What
# SANITIZER=undefined looks at are the C modules, and the programs.
SANITIZED := test_retry test_resume test_keep test_sign_out test_sign_out_global test_sessions test_fetch test_check \
    test_structs test_zero_structs test_page_edge test_bad_input test_configuration_file \
    test_configuration_file_reading test_no_keyring test_damage test_transport test_faults \
    test_connections test_certificates test_proxy test_operations test_operation_callbacks test_redirect_listener \
    test_sign_in test_sign_in_browser test_sign_in_tokens test_browser_logout test_browser_mark test_wrapper \
    test_wrapper_operations

check-sanitizers: .build/headers
	SANITIZER=address Tests/ABI/run.sh $(SANITIZED)
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Support/leaks.supp:print_suppressions=0 LIMIT=1200 \
	    ASAN_OPTIONS=fast_unwind_on_malloc=0 SANITIZER=address Tests/ABI/run.sh test_watch test_file_damage
	ASAN_OPTIONS=detect_leaks=0 SANITIZER=address Tests/ABI/run.sh test_encrypted_file
	SANITIZER=undefined Tests/ABI/run.sh $(SANITIZED) test_encrypted_file test_file_damage test_watch
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build/address --disable-xctest --quiet \
	    $(WITHOUT_OVERLAYS) $(TEST_FLAGS)

check-memory: library
	MEMCHECK=1 Tests/ABI/run.sh test_retry test_resume test_sign_out test_sign_out_global test_sessions test_fetch \
	    test_structs test_zero_structs test_bad_input test_no_keyring test_operations test_operation_callbacks
	MEMCHECK=access Tests/ABI/run.sh $(BROWSER_PROGRAMS)

# The one that Debian's Python packages are for.
SYSTEM_PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)

check-support:
	$(SYSTEM_PYTHON) Tests/Support/test_scripted_cognito.py
	$(SYSTEM_PYTHON) Tests/Support/test_scripted_exchange.py
	$(SYSTEM_PYTHON) Tests/Support/test_scripted_http2.py
	$(SYSTEM_PYTHON) Tests/Support/test_managed_login.py
	$(SYSTEM_PYTHON) Tests/Support/test_browser.py

check-model:
	Tests/Simulation/fair_lock.py
	Tests/Simulation/sessions.py
	Tests/Simulation/unfinished.py

# Scripts, C, words, and what could trap.
check-analysis:
	$(SYSTEM_PYTHON) -B Tests/Analysis/run.py

# Not among the checks, for its time: half a minute of a processor, and a package more.
tidy:
	Tests/Analysis/tidy.sh

# Only what was found before, once.
check-fuzz: .build/headers
	Tests/Fuzz/run.sh

fuzz: .build/headers
	Tests/Fuzz/run.sh $(or $(SECONDS),1200)

# The same ones each time: others are for `make simulate`, or a check would fail by chance.
check-simulation: .build/headers
	Tests/Simulator/run.sh to 500000

simulate: .build/headers
	Tests/Simulator/run.sh $(or $(SECONDS),600) $(SEED)

# Of these, `make check` has a part.
matrix: library
	LIMIT=3600 COGNITOAUTH_TEST_MATRIX=1 Tests/ABI/run.sh test_fault_matrix

# Without what malloc keeps back for each thread, and counts as used, the heap is what the program has.
soak: library
	GLIBC_TUNABLES=glibc.malloc.tcache_count=0 LIMIT=$$((4 * $(or $(SECONDS),600) + 300)) \
	    COGNITOAUTH_TEST_SECONDS=$(or $(SECONDS),600) Tests/ABI/run.sh soak

check-documents: library
	Tests/Documents/run.sh

check-desktop: examples
	Tests/Desktop/run.sh

bench: library
	Tests/Benchmarks/run.sh

dist: library
	Sources/Packaging/dist.sh

deb: | $(filter dist,$(MAKECMDGOALS))
	Sources/Packaging/deb.sh

demo:
	Sources/Packaging/install-dependencies.sh
	$(MAKE) library examples
	Examples/demo.sh

clean:
	rm -rf .build
