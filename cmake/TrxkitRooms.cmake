# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# How a room of the house (a folder below lib/) and a tool become build targets.

find_package(PkgConfig REQUIRED)

add_library(trxkit_options INTERFACE)
target_include_directories(trxkit_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(trxkit_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -fstack-protector-strong
  # g++ 12 sees overlapping copies in "text" + std::string (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # The build folder must not reach the binaries (reproducible builds).
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(TRXKIT_WERROR)
  target_compile_options(trxkit_options INTERFACE -Werror)
endif()
if(TRXKIT_ASSERTIONS)
  target_compile_definitions(trxkit_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(TRXKIT_SANITIZE)
  # The fuzzers (tests/fuzz) need the coverage counters; other programs run as if without them.
  target_compile_options(trxkit_options INTERFACE
    -fsanitize=address,undefined $<$<CXX_COMPILER_ID:Clang>:-fsanitize=fuzzer-no-link>
    -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  target_link_options(trxkit_options INTERFACE -fsanitize=address,undefined)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(trxkit_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

# trxkit_room(NAME [USES room...] [PACKAGES pkg-config-module...])
# Every .cc of the folder, as the static library trxkit_NAME. USES names the rooms it may include
# (CONTRIBUTING.md: an arrow points one way); tests/house/includes.py checks the includes against it.
function(trxkit_room name)
  cmake_parse_arguments(ROOM "" "" "USES;PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  if(NOT sources)
    add_library(trxkit_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(trxkit_${name} STATIC ${sources})
    set(scope PUBLIC)
  endif()
  target_link_libraries(trxkit_${name} ${scope} trxkit_options)
  foreach(room IN LISTS ROOM_USES)
    target_link_libraries(trxkit_${name} ${scope} trxkit_${room})
  endforeach()
  foreach(package IN LISTS ROOM_PACKAGES)
    string(MAKE_C_IDENTIFIER "pc_${package}" target)
    if(NOT TARGET PkgConfig::${target})
      pkg_check_modules(${target} REQUIRED IMPORTED_TARGET GLOBAL ${package})
    endif()
    target_link_libraries(trxkit_${name} ${scope} PkgConfig::${target})
  endforeach()
endfunction()

# trxkit_tool(NAME [USES room...]): the program NAME from every .cc of the folder; all but main.cc
# also as the library trxkit_tool_NAME, so that tests run the tool in their own process.
function(trxkit_tool name)
  cmake_parse_arguments(TOOL "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(sources)
    add_library(trxkit_tool_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(trxkit_tool_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(trxkit_tool_${name} ${scope} trxkit_options trxkit_cli)
  foreach(room IN LISTS TOOL_USES)
    target_link_libraries(trxkit_tool_${name} ${scope} trxkit_${room})
  endforeach()
  add_executable(${name} main.cc)
  target_link_libraries(${name} PRIVATE trxkit_tool_${name})
endfunction()
