# welt_add_image: a boot image as a target of CMake. find_package(Welt) brings it; requires the variables
# WELT_COMMAND and WELT_INCLUDE_DIR and the languages of the sources (project(... LANGUAGES C ASM)).
#
#   welt_add_image(boot
#       SOURCES main.c small.S             compiled as 16-bit code
#       [LAYOUT sector | SCRIPT boot.ld]   LAYOUT sector is the default
#       [BUDGET 440]                       bytes that may be used
#       [OUTPUT boot.bin]                  in the current binary folder
#       [MODE 16 | 32 | 64 | NONE]         what the sources are compiled as; NONE: as the project's flags say
#       [OPTIONS --icf safe ...]           more for welt
#       [COMPILE_OPTIONS ...] [INCLUDES ...] [DEFINITIONS ...]
#       [LINK_LIBRARIES ...])              archives: targets of static libraries, or paths
#
# Provides the target `boot`, built by `all`, with the property WELT_IMAGE, the path of the image; and the object
# library `boot_objects`, for whatever else the sources want to be told.
include_guard(GLOBAL)

# No instruction that a BIOS has not prepared the processor for, nothing that a system would have to provide.
set(WELT_COMPILE_OPTIONS -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables
    -fcf-protection=none -ffunction-sections -fdata-sections
    CACHE STRING "How welt_add_image has C compiled")
mark_as_advanced(WELT_COMPILE_OPTIONS)

function(welt_mode_options mode result)
    set(options_16 -m16 -march=i386 -Os)
    set(options_32 -m32 -march=i686 -mno-mmx -mno-sse -Os)
    set(options_64 -m64 -mno-red-zone -mgeneral-regs-only -Os)
    set(options_NONE)
    if(NOT DEFINED options_${mode})
        message(FATAL_ERROR "welt_add_image: MODE is 16, 32, 64 or NONE, not ${mode}")
    endif()
    set(${result} ${options_${mode}} PARENT_SCOPE)
endfunction()

# The last two of `libraries` name targets or files; what has to be built first comes out in `depends`.
function(welt_library_files libraries files depends)
    set(paths)
    foreach(library IN LISTS libraries)
        if(TARGET ${library})
            list(APPEND paths $<TARGET_FILE:${library}>)
        else()
            list(APPEND paths ${library})
        endif()
    endforeach()
    set(${files} ${paths} PARENT_SCOPE)
    set(${depends} ${libraries} PARENT_SCOPE)
endfunction()

function(welt_add_image name)
    cmake_parse_arguments(PARSE_ARGV 1 image "" "LAYOUT;SCRIPT;BUDGET;OUTPUT;MODE"
                          "SOURCES;OPTIONS;COMPILE_OPTIONS;INCLUDES;DEFINITIONS;LINK_LIBRARIES")
    if(image_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "welt_add_image(${name}): what is ${image_UNPARSED_ARGUMENTS}?")
    endif()
    if(NOT image_SOURCES)
        message(FATAL_ERROR "welt_add_image(${name}): no SOURCES")
    endif()
    if(NOT image_MODE)
        set(image_MODE 16)
    endif()
    if(NOT image_OUTPUT)
        set(image_OUTPUT ${name}.bin)
    endif()
    get_filename_component(output ${image_OUTPUT} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})

    set(options)
    set(needed)
    if(image_SCRIPT)
        get_filename_component(script ${image_SCRIPT} ABSOLUTE)
        list(APPEND options -T ${script})
        list(APPEND needed ${script})
    endif()
    if(image_LAYOUT)
        list(APPEND options --layout ${image_LAYOUT})
    endif()
    if(image_BUDGET)
        list(APPEND options --budget ${image_BUDGET})
    endif()

    welt_mode_options(${image_MODE} mode_options)
    add_library(${name}_objects OBJECT ${image_SOURCES})
    target_compile_options(${name}_objects PRIVATE ${WELT_COMPILE_OPTIONS} ${mode_options} ${image_COMPILE_OPTIONS})
    target_include_directories(${name}_objects PRIVATE ${WELT_INCLUDE_DIR} ${image_INCLUDES})
    target_compile_definitions(${name}_objects PRIVATE ${image_DEFINITIONS})
    set_target_properties(${name}_objects PROPERTIES POSITION_INDEPENDENT_CODE OFF INTERPROCEDURAL_OPTIMIZATION OFF)

    welt_library_files("${image_LINK_LIBRARIES}" libraries library_targets)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${WELT_COMMAND} ${options} ${image_OPTIONS} -o ${output} $<TARGET_OBJECTS:${name}_objects> ${libraries}
        DEPENDS ${name}_objects $<TARGET_OBJECTS:${name}_objects> ${library_targets} ${needed} ${WELT_COMMAND}
        COMMENT "Linking ${image_OUTPUT}"
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${name} ALL DEPENDS ${output})
    set_target_properties(${name} PROPERTIES WELT_IMAGE ${output})
endfunction()
