# SPDX-License-Identifier: Apache-2.0
#
# make install, make uninstall: see README.md in this folder. Neither builds anything, as root has no Swift.

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib$(addprefix /,$(shell $(CC) -print-multiarch 2>/dev/null))
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/cognitoauth

INSTALL ?= install

HEADERS := $(notdir $(wildcard Include/cognitoauth/*.h Include/cognitoauth/*.hpp))
CMAKE_FILES := cognitoauth-config.cmake cognitoauth-config-version.cmake
DOCUMENTS := LICENSE CHANGELOG.md LAYOUT.md SECURITY.md
EXAMPLE_FILES := $(notdir $(wildcard Examples/*.c Examples/*.cpp Examples/*.png))
MANUAL := $(wildcard Sources/Packaging/man/*.3)
# FUNCTION:PAGE for every function that has no page of its own: a page that sources PAGE is installed for it.
MANUAL_LINKS = $(shell awk 'FNR == 1 { page = FILENAME; sub(".*/", "", page) } \
    /^\.Sh/ { names = $$2 == "NAME" } /^\.Nm/ && names && $$2 ".3" != page { print $$2 ":" page }' $(MANUAL) /dev/null)

TO_LIB := "$(DESTDIR)$(LIBDIR)"
TO_INCLUDE := "$(DESTDIR)$(INCLUDEDIR)"/cognitoauth
TO_CMAKE := $(TO_LIB)/cmake/cognitoauth
TO_MAN := "$(DESTDIR)$(MANDIR)"/man3
TO_DOC := "$(DESTDIR)$(DOCDIR)"

# What is installed finds its own parts relatively, wherever the prefix is moved to. But pkg-config leaves out the
# system's own folders only by their plain names, and those are never moved.
relative = $(shell realpath -ms --relative-to="$(1)" "$(2)")
PC_PREFIX = $(if $(filter /usr,$(PREFIX)),/usr,$${pcfiledir}/$(call relative,$(LIBDIR)/pkgconfig,$(PREFIX)))
CMAKE_PREFIX = $(call relative,$(LIBDIR)/cmake/cognitoauth,$(PREFIX))

# $(call fill,FILE,FOLDER,PREFIX): FOLDER/FILE from FILE.in
fill = sed 's|@VERSION@|$(VERSION)|; s|@SONAME@|$(SONAME)|; s|@PREFIX@|$(3)|; \
    s|@LIBDIR@|$(call relative,$(PREFIX),$(LIBDIR))|; s|@INCLUDEDIR@|$(call relative,$(PREFIX),$(INCLUDEDIR))|' \
    Sources/Packaging/$(1).in >$(2)/$(1) && chmod 644 $(2)/$(1)

# The README, with links to what is installed too, and none to what is not.
README = sed -E 's/\]\(Examples(\/?)/](examples\1/g; \
    s/\[(`[^][]*`)\]\((Sources|Tests|CONTRIBUTING)[^)]*\)/\1 (in the sources)/g; \
    s/\[([^][]*)\]\((Include|Sources|Tests|CONTRIBUTING)[^)]*\)/\1/g' README.md

LDCONFIG = if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" -eq 0 ]; then PATH="$$PATH:/usr/sbin:/sbin" ldconfig; fi

install: | $(filter all library,$(MAKECMDGOALS))
	@[ -e $(LIBRARY) ] || { echo 'make install: there is no $(LIBRARY) yet; run make first' >&2; exit 1; }
	@case '$(PREFIX)!$(LIBDIR)!$(INCLUDEDIR)' in !*|*[\&\|\"\;\\]*) \
	    echo 'make install: PREFIX must not be empty, and no folder may have any of & | " ; \ in it' >&2; exit 1;; esac
	for folder in $(TO_LIB)/pkgconfig $(TO_CMAKE) $(TO_INCLUDE) $(TO_MAN) $(TO_DOC)/examples; do \
	    [ -d "$$folder" ] || $(INSTALL) -d -m 755 "$$folder" || exit; \
	done
	$(INSTALL) -m 644 $(LIBRARY) $(TO_LIB)
	ln -sf libcognitoauth.so.$(VERSION) $(TO_LIB)/$(SONAME)
	ln -sf $(SONAME) $(TO_LIB)/libcognitoauth.so
	$(INSTALL) -m 644 $(addprefix Include/cognitoauth/,$(HEADERS)) $(TO_INCLUDE)
	$(call fill,cognitoauth.pc,$(TO_LIB)/pkgconfig,$(PC_PREFIX))
	$(call fill,cognitoauth-config.cmake,$(TO_CMAKE),$(CMAKE_PREFIX))
	$(call fill,cognitoauth-config-version.cmake,$(TO_CMAKE))
	$(if $(MANUAL),$(INSTALL) -m 644 $(MANUAL) $(TO_MAN))
	for link in $(MANUAL_LINKS); do \
	    page=$(TO_MAN)/$${link%:*}.3; \
	    echo ".so man3/$${link#*:}" >"$$page" && chmod 644 "$$page" || exit; \
	done
	$(INSTALL) -m 644 $(DOCUMENTS) $(TO_DOC)
	$(README) >$(TO_DOC)/README.md && chmod 644 $(TO_DOC)/README.md
	$(INSTALL) -m 644 $(addprefix Examples/,$(EXAMPLE_FILES)) $(TO_DOC)/examples
	$(LDCONFIG)

# Folders that other packages use too stay.
uninstall:
	rm -f $(addprefix $(TO_LIB)/,libcognitoauth.so $(SONAME) libcognitoauth.so.$(VERSION) pkgconfig/cognitoauth.pc)
	rm -f $(addprefix $(TO_CMAKE)/,$(CMAKE_FILES))
	rm -f $(addprefix $(TO_INCLUDE)/,$(HEADERS))
	rm -f $(addprefix $(TO_MAN)/,$(notdir $(MANUAL)) $(foreach link,$(MANUAL_LINKS),$(firstword $(subst :, ,$(link))).3))
	rm -f $(addprefix $(TO_DOC)/,$(DOCUMENTS) README.md $(addprefix examples/,$(EXAMPLE_FILES)))
	for folder in $(TO_CMAKE) $(TO_INCLUDE) $(TO_DOC)/examples $(TO_DOC); do \
	    if [ -d "$$folder" ]; then rmdir --ignore-fail-on-non-empty "$$folder"; fi; \
	done
	$(LDCONFIG)
