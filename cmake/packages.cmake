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
# Two libraries are opened when they are needed, which no tool finds in what is linked. Without Zydis there are no
# listings and no folding; without libdwarf messages and reports name sections in place of source lines.
function(welt_package_of soname result) # libZydis.so.4.0: libzydis4.0, as Debian's policy names packages
    string(REGEX REPLACE "^lib(.*)\\.so\\.([0-9.]+)$" "lib\\1\\2" package "${soname}")
    string(TOLOWER "${package}" package)
    set(${result} ${package} PARENT_SCOPE)
endfunction()
welt_package_of("${WELT_ZYDIS_SONAME}" welt_zydis_package)
welt_package_of("${WELT_DWARF_SONAME}" welt_dwarf_package)
foreach(welt_component COMMAND LIBRARY)
    set(CPACK_DEBIAN_${welt_component}_PACKAGE_DEPENDS ${welt_zydis_package})
    set(CPACK_DEBIAN_${welt_component}_PACKAGE_RECOMMENDS ${welt_dwarf_package})
endforeach()
# What ldconfig must know of; dpkg runs it by this trigger.
file(WRITE ${CMAKE_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/triggers)
include(CPack)
