# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Toolchain: Debian's cross compiler for s390x, a big-endian processor, with the libraries that
# tests/bigendian/libraries unpacks into TRXKIT_SYSROOT. Programs run under QEMU's user emulation.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_CXX_COMPILER s390x-linux-gnu-g++)
set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x-static;-L;/usr/s390x-linux-gnu)

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TRXKIT_SYSROOT)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${TRXKIT_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
  ${TRXKIT_SYSROOT}/usr/lib/s390x-linux-gnu/pkgconfig:${TRXKIT_SYSROOT}/usr/share/pkgconfig)
set(CMAKE_FIND_ROOT_PATH ${TRXKIT_SYSROOT})
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_EXE_LINKER_FLAGS_INIT
  "-Wl,-rpath,${TRXKIT_SYSROOT}/usr/lib/s390x-linux-gnu:${TRXKIT_SYSROOT}/lib/s390x-linux-gnu -Wl,-rpath-link,${TRXKIT_SYSROOT}/usr/lib/s390x-linux-gnu:${TRXKIT_SYSROOT}/lib/s390x-linux-gnu")
