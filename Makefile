# SPDX-License-Identifier: Apache-2.0
#
# make         build the library:  .build/lib/libcognitoauth.so.0
# make check   install what is missing, and run all tests
# make demo    install what is missing, and show the library at work on real data
# make clean   remove everything that was built

VERSION := $(shell sed -n 's/^\#define COGNITOAUTH_VERSION_STRING "\(.*\)"/\1/p' Include/cognitoauth/version.h)
SONAME := libcognitoauth.so.0

SWIFT ?= swift
LIBRARY := .build/lib/libcognitoauth.so.$(VERSION)
EMBEDDED := .build/embedded
# The GTK example is built where GTK is.
HAS_GTK := $(shell pkg-config --exists gtk4 2>/dev/null && echo yes)
EXAMPLES := $(patsubst Examples/%.c,.build/examples/%,$(filter-out $(if $(HAS_GTK),,Examples/gtk_%),$(wildcard Examples/*.c)))
EXAMPLE_FLAGS := -std=c11 -Wall -Wextra -Werror -O2
.build/examples/glib_main_loop: PACKAGES := glib-2.0
.build/examples/gtk_sign_out: PACKAGES := gtk4

.PHONY: all build library examples check check-support check-documents check-abi check-threads check-desktop check-core demo clean

all: library

PKG_CONFIG_FILE := .build/lib/pkgconfig/cognitoauth.pc

library: $(LIBRARY) $(PKG_CONFIG_FILE)

# SwiftPM knows what has to be built again, but for headers of C modules: a change there starts afresh.
# The linker options are in Package.swift; here is what only the command line can say: no RUNPATH.
$(LIBRARY): build .build/headers
	@if ! cmp --silent $(EMBEDDED)/release/libcognitoauth.so $(EMBEDDED)/shipped || ! [ -e $@ ]; then \
	    mkdir -p $(@D) && \
	    strip --strip-unneeded -o $@.new $(EMBEDDED)/release/libcognitoauth.so && \
	    Sources/Packaging/check-library.sh $@.new && \
	    mv $@.new $@ && \
	    cp $(EMBEDDED)/release/libcognitoauth.so $(EMBEDDED)/shipped; \
	fi
	@ln -sf libcognitoauth.so.$(VERSION) .build/lib/$(SONAME)
	@ln -sf $(SONAME) .build/lib/libcognitoauth.so

build: .build/headers
	$(SWIFT) build --traits Embedded --scratch-path $(EMBEDDED) --configuration release --product cognitoauth \
	    --disable-local-rpath -Xswiftc -no-toolchain-stdlib-rpath --quiet

.build/headers: $(shell find Sources Include -name '*.h' -o -name '*.modulemap' -o -name '*.map')
	rm -rf $(EMBEDDED) .build/thread .build/debug .build/*-unknown-linux-gnu
	mkdir -p $(@D)
	touch $@

$(PKG_CONFIG_FILE): Sources/Packaging/cognitoauth.pc.in Include/cognitoauth/version.h
	mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(CURDIR)|; s|@INCLUDEDIR@|$${prefix}/Include|; s|@LIBDIR@|$${prefix}/.build/lib|' \
	    -e 's|@VERSION@|$(VERSION)|' $< > $@

examples: $(EXAMPLES)

.build/examples/%: Examples/%.c $(LIBRARY) $(PKG_CONFIG_FILE)
	mkdir -p $(@D)
	$(CC) $(EXAMPLE_FLAGS) $< -o $@ $$(PKG_CONFIG_PATH=$(dir $(PKG_CONFIG_FILE)) pkg-config --cflags --libs cognitoauth $(PACKAGES))

check:
	Sources/Packaging/install-dependencies.sh --tests
	$(MAKE) library examples
	$(MAKE) check-support check-documents check-abi check-threads check-desktop check-core

check-core:
	$(SWIFT) test --disable-xctest --quiet

check-abi: library
	Tests/ABI/run.sh

check-threads:
	SANITIZER=thread Tests/ABI/run.sh test_stress test_threads test_operations test_prompt

check-support:
	python3 Tests/Support/test_scripted_cognito.py

check-documents: library
	Tests/Documents/run.sh

check-desktop: examples
	Tests/Desktop/run.sh

demo:
	Sources/Packaging/install-dependencies.sh
	$(MAKE) library examples
	Examples/demo.sh

clean:
	rm -rf .build
