# Debian packages:  cpack --config build/release/CPackConfig.cmake -B /tmp/packages
#
#   libwelt0.1    the shared library
#   libwelt-dev   headers, the static library, find_package(Welt), welt.pc, libwelt(3)
#   welt          the command, its manual, layouts, the runtime, files for other tools
#
# Included at the end: every install() without a component is the command's.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME welt)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Welt's maintainers <maintainers@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL library dev command)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "linker for x86 real-mode boot images: shared library\n\
 A linker to embed: it never exits, prints or keeps global state.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "linker for x86 real-mode boot images: development files\n\
 Headers, the static library and what CMake and pkg-config need to find them.")
set(CPACK_COMPONENT_COMMAND_DESCRIPTION "linker for x86 real-mode boot images\n\
 The command welt, also as ld.welt in GNU ld's place, its layouts and a small runtime for boot programs.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libwelt${WELT_SOVERSION})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libwelt-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libwelt${WELT_SOVERSION} (= ${PROJECT_VERSION}), welt (= ${PROJECT_VERSION}), libstdc++-12-dev | libstdc++-dev")
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME welt)
# Zydis is opened when something is to be decoded: listings, folding, what code of the wrong width does.
string(REGEX REPLACE "^lib(.*)\\.so\\.([0-9.]+)$" "lib\\1\\2" welt_zydis_package "${WELT_ZYDIS_SONAME}")
string(TOLOWER "${welt_zydis_package}" welt_zydis_package)
set(CPACK_DEBIAN_COMMAND_PACKAGE_DEPENDS ${welt_zydis_package})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS ${welt_zydis_package})
# What ldconfig must know of; dpkg runs it by this trigger.
file(WRITE ${CMAKE_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/triggers)
include(CPack)
