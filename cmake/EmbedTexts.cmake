# embed_texts(ACCESSOR FILE...) makes texts part of the program, so that it works wherever it runs: ACCESSOR.cpp in the
# binary folder defines medal::ACCESSOR(), which its user declares.
function(embed_texts accessor)
  set(texts "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} text)
    string(FIND "${text}" ")TEXT\"" delimiter)
    # The standard promises 64 KiB of a raw string, GCC and Clang take any length.
    if(NOT delimiter EQUAL -1)
      message(FATAL_ERROR "${file} does not fit into one raw string literal")
    endif()
    string(APPEND texts "      {\"${name}\", R\"TEXT(${text})TEXT\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${accessor}.cpp @ONLY CONTENT
"#include \"experiments/config/embedded_texts.h\"

namespace medal {

const std::vector<EmbeddedText>& @accessor@() {
  static const std::vector<EmbeddedText> texts = {
@texts@  };
  return texts;
}

}  // namespace medal
")
endfunction()
