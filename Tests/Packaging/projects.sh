# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Programs that use an installed library: with pkg-config, CMake and Meson, in C and in C++. The prefix has been moved
# after the installation, so that all of this also proves that it may be.

moved=$scratch/moved
built=$scratch/built
prefix_lib=$moved/lib/$multiarch
warnings=(-Wall -Wextra -Werror)

# The examples that need the library only, as the command in their first comment says.
mapfile -t c_examples < <(grep -l '^ \*   cc .*--libs cognitoauth)$' Examples/*.c)
mapfile -t cpp_examples < <(grep -l '^ \*   c++ .*--libs cognitoauth)$' Examples/*.cpp)
# What each way must have built: every C example also as C++.
programs=$(printf '%s\n' "${c_examples[@]}" "${cpp_examples[@]}" "${c_examples[@]/%.c/_as_cpp}" |
    sed 's|.*/||; s|\.c$||; s|\.cpp$|_cpp|' | sort)

flags() { PKG_CONFIG_PATH=$prefix_lib/pkgconfig pkg-config "$@" cognitoauth; }
# Ours alone: as on a machine without the development packages of what the library is linked with.
lonely_flags() { PKG_CONFIG_LIBDIR=$prefix_lib/pkgconfig flags "$@"; }
without_folders() { xargs -n 1 | grep -v '^-[IL]' | paste -sd' '; }

install_and_move() {
    make --silent install PREFIX="$scratch/first"
    mv "$scratch/first" "$moved"
    [ ${#c_examples[@]} -ge 5 ] && [ ${#cpp_examples[@]} -ge 1 ]
}
pkg_config_is_lean() {
    same -lcognitoauth "$(lonely_flags --cflags --libs | without_folders)"
    same '-lcognitoauth -lcurl -lsecret-1 -lgio-2.0 -lgobject-2.0 -lglib-2.0 -ljansson -lmicrohttpd' \
        "$(lonely_flags --libs --static | without_folders)"
    same '' "$(lonely_flags --print-requires)$(lonely_flags --print-requires-private)"
    lonely_flags --validate
}
# Every private library is one that the library is linked with, and the other way round.
private_libraries_are_the_linked_ones() {
    same "$(readelf --dynamic --wide "$prefix_lib/libcognitoauth.so" |
        sed -n 's/.*(NEEDED).*\[lib\(.*\)\.so.*/\1/p' | grep -vE '^(c|m)$' | sort)" \
        "$(flags --libs --static | tr ' ' '\n' | sed -n 's/^-l//p' | grep -v cognitoauth | sort)"
}
in_the_system_only_the_name_is_needed() {
    make --silent install DESTDIR="$scratch/system" PREFIX=/usr LIBDIR="/usr/lib/$multiarch"
    same /usr/include "$(PKG_CONFIG_LIBDIR=$scratch/system/usr/lib/$multiarch/pkgconfig \
        pkg-config --variable=includedir cognitoauth)"
    same -lcognitoauth "$(PKG_CONFIG_LIBDIR=$scratch/system/usr/lib/$multiarch/pkgconfig \
        pkg-config --cflags --libs cognitoauth | tr -d ' \n')"
}
versions_agree() {
    # shellcheck disable=SC2046 # flags are words
    cc "${warnings[@]}" "$tests/version.c" -o "$scratch/version" $(flags --cflags --libs)
    same "$version $version" "$(LD_LIBRARY_PATH=$prefix_lib "$scratch/version")"
    same "$version" "$(flags --modversion)"
}

# shellcheck disable=SC2046
builds_with_pkg_config() {
    local example name
    mkdir -p "$built/pkg-config"
    for example in "${c_examples[@]}"; do
        name=$(basename "$example" .c)
        cc -std=c11 "${warnings[@]}" "$example" -o "$built/pkg-config/$name" $(flags --cflags --libs)
        c++ -x c++ "${warnings[@]}" "$example" -o "$built/pkg-config/${name}_as_cpp" $(flags --cflags --libs)
    done
    for example in "${cpp_examples[@]}"; do
        c++ -std=c++17 "${warnings[@]}" "$example" -o "$built/pkg-config/$(basename "$example" .cpp)_cpp" \
            $(flags --cflags --libs)
    done
    same "$programs" "$(ls "$built/pkg-config")"
}
sources() { local IFS=$1; printf '%s' "${c_examples[*]/#/$root/}$1${cpp_examples[*]/#/$root/}"; }
builds_with_cmake() {
    cmake -S "$tests/cmake" -B "$scratch/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$moved" \
        -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$built/cmake" -DEXAMPLES="$(sources ';')"
    cmake --build "$scratch/cmake"
    same "$programs" "$(ls "$built/cmake")"
}
builds_with_meson() {
    PKG_CONFIG_PATH=$prefix_lib/pkgconfig meson setup "$scratch/meson" "$tests/meson" --werror --warnlevel=2 \
        -Dexamples="$(sources ,)"
    meson compile -C "$scratch/meson"
    mkdir -p "$built/meson"
    find "$scratch/meson" -maxdepth 1 -type f -perm /111 -exec cp {} "$built/meson" \;
    same "$programs" "$(ls "$built/meson")"
}
cmake_knows_the_library() {
    same "$(readelf --dynamic --wide "$prefix_lib/libcognitoauth.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
$prefix_lib/libcognitoauth.so.$version
$moved/include" "$(cat "$scratch/cmake/target.txt")"
}
cmake_judges_versions() {
    cmake -S "$tests/versions" -B "$scratch/versions" -DCMAKE_PREFIX_PATH="$moved" \
        -DCMAKE_LIBRARY_ARCHITECTURE="$multiarch"
}
cmake_says_no() { # cmake_says_no OPTION MESSAGE
    refused cmake -S "$tests/cmake" -B "$scratch/cmake-refused" -G Ninja -DCMAKE_PREFIX_PATH="$moved" "$1" \
        2>"$scratch/said"
    tr -s ' \n' ' ' <"$scratch/said"
    tr -s ' \n' ' ' <"$scratch/said" | grep -qF "$2"
}
cmake_misses_files() {
    local file
    for file in "$prefix_lib/libcognitoauth.so.$version" "$moved/include/cognitoauth/auth.h"; do
        mv "$file" "$scratch/hidden"
        cmake_says_no -DEXAMPLES= "A part of cognitoauth is missing: $file" || { mv "$scratch/hidden" "$file"; return 1; }
        mv "$scratch/hidden" "$file"
        rm -r "$scratch/cmake-refused"
    done
}
places_of_their_own_work() {
    local at=$scratch/places
    make --silent install PREFIX="$at/p" LIBDIR="$at/q/lib64" INCLUDEDIR="$at/headers"
    # shellcheck disable=SC2046
    cc Examples/sign_out.c -o "$scratch/placed" \
        $(PKG_CONFIG_PATH=$at/q/lib64/pkgconfig pkg-config --cflags --libs cognitoauth)
    cmake -S "$tests/cmake" -B "$scratch/cmake-placed" -G Ninja -DEXAMPLES="$root/Examples/sign_out.c" \
        -Dcognitoauth_DIR="$at/q/lib64/cmake/cognitoauth"
    cmake --build "$scratch/cmake-placed"
}

# says LINE STATUS SESSION_OPTION: every program that signs out, however it was built, ends so
says() {
    local program status
    for program in "$built"/*/sign_out*; do
        status=0
        Tests/Support/private-session.sh "$3" env LD_LIBRARY_PATH="$prefix_lib" "$program" \
            org.example.Mail eu-west-1_Example client >"$scratch/said" </dev/null || status=$?
        printf '%s: %s %s\n' "$program" "$status" "$(cat "$scratch/said")"
        [ "$status" -eq "$2" ]
        grep -q "$1" "$scratch/said"
    done
}

check "an installation can be moved" install_and_move
check "pkg-config asks for no other package, and keeps the libraries behind this one to itself" pkg_config_is_lean
check "pkg-config's private libraries are those the library is linked with" private_libraries_are_the_linked_ones
check "in /usr, pkg-config says nothing but -lcognitoauth" in_the_system_only_the_name_is_needed
check "header, library and pkg-config tell the same version" versions_agree
check "every example compiles with pkg-config, as C and as C++" builds_with_pkg_config
check "every example compiles with CMake, as C and as C++" builds_with_cmake
check "every example compiles with Meson, as C and as C++" builds_with_meson
check "CMake's target has the library's file, SONAME and headers" cmake_knows_the_library
check "CMake takes versions that this one can stand in for, and no others" cmake_judges_versions
check "CMake says that there are no components" cmake_says_no -DCOMPONENT=Qt 'cognitoauth has no components, and "Qt"'
check "CMake says which file is missing" cmake_misses_files
check "pkg-config and CMake find a library and headers in places of their own" places_of_their_own_work
check "without a keyring, sign_out says so and exits with 2, however it was built" says keyring 2 --keyring=none
check "with a keyring, sign_out finds nobody signed in, however it was built" \
    says '^You were not signed in\( here\)\?\.' 0 --keyring=unlocked
