# Write a C file that holds the bytes of INPUT, and a NUL after them, as `const char SYMBOL[]`.
#
#     cmake -D INPUT=china.yaml -D OUTPUT=china.c -D SYMBOL=outlay_calendar_china_yaml -P embed.cmake
#
# Character constants, not a string: C11 promises room for 4,095 characters of a string only. '\xe4' keeps its
# value whether char is signed or not.

file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
string(REGEX REPLACE "(('\\\\x[0-9a-f][0-9a-f]',){16})" "\\1\n    " bytes "${bytes}")
get_filename_component(name "${INPUT}" NAME)
file(WRITE "${OUTPUT}" "/* Made from ${name} by cmake/embed.cmake. */
extern const char ${SYMBOL}[];

const char ${SYMBOL}[] = {
    ${bytes}'\\0'};
")
