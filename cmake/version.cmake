# Write the header OUTPUT with the version and the git revision of SOURCE, and leave it alone if nothing changed.
#
#     cmake -D SOURCE=. -D OUTPUT=version.h -D VERSION=1.2.3 -P version.cmake
#
# The revision is "unknown" where SOURCE is not the top of a git work tree (a tarball, say, even one unpacked inside
# another project's work tree), and ends in "-modified" where tracked files differ from it.

set(revision unknown)
find_program(GIT git)
if(GIT)
    execute_process(COMMAND ${GIT} rev-parse --show-prefix
        WORKING_DIRECTORY "${SOURCE}" RESULT_VARIABLE failed OUTPUT_VARIABLE prefix ERROR_QUIET
        OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT failed AND prefix STREQUAL "")
        execute_process(COMMAND ${GIT} describe --always --match "" --abbrev=12 --dirty=-modified
            WORKING_DIRECTORY "${SOURCE}" RESULT_VARIABLE failed OUTPUT_VARIABLE described ERROR_QUIET
            OUTPUT_STRIP_TRAILING_WHITESPACE)
        if(NOT failed AND NOT described STREQUAL "")
            set(revision "${described}")
        endif()
    endif()
endif()

set(text "/* version.h: which outlay this is. Made by cmake/version.cmake. */
#ifndef OUTLAY_VERSION_H
#define OUTLAY_VERSION_H

#define OUTLAY_VERSION \"${VERSION}\"
#define OUTLAY_REVISION \"${revision}\" /* of git; unknown when built from a tarball */

#endif
")
set(before "")
if(EXISTS "${OUTPUT}")
    file(READ "${OUTPUT}" before)
endif()
if(NOT before STREQUAL text)
    file(WRITE "${OUTPUT}" "${text}")
endif()
