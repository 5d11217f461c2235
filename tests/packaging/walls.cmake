# The walls between rooms hold: in a small house of two rooms, an upward include and an upward call each fail.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

# A house of low/ and high/, whose low.cpp is given; high uses low.
function(house name low)
  set(folder ${WORK}/${name})
  file(WRITE ${folder}/CMakeLists.txt "cmake_minimum_required(VERSION 3.22)
project(medal VERSION 1.0 LANGUAGES CXX)
include(${SOURCE}/cmake/Room.cmake)
add_subdirectory(low)
add_subdirectory(high)
medal_write_rooms(\${PROJECT_BINARY_DIR}/rooms.txt)
")
  file(WRITE ${folder}/low/CMakeLists.txt "medal_room()\n")
  file(WRITE ${folder}/low/low.h "int low();\n")
  file(WRITE ${folder}/low/low.cpp "${low}")
  file(WRITE ${folder}/high/CMakeLists.txt "medal_room(USES low)\n")
  file(WRITE ${folder}/high/high.h "int high();\n")
  file(WRITE ${folder}/high/high.cpp "#include \"high/high.h\"\n#include \"low/low.h\"\nint high() { return low() + 1; }\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${folder} -B ${folder}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
                  -DBUILD_SHARED_LIBS=ON -DCMAKE_SHARED_LINKER_FLAGS=-Wl,-z,defs OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder}/build OUTPUT_VARIABLE said ERROR_VARIABLE more
                  RESULT_VARIABLE result)
  set(built ${result} PARENT_SCOPE)
  set(build_said "${said}${more}" PARENT_SCOPE)
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOMS=${folder}/build/rooms.txt -DROOT=${folder} -P
                  ${SOURCE}/cmake/CheckLayers.cmake OUTPUT_VARIABLE said ERROR_VARIABLE more RESULT_VARIABLE result)
  set(checked ${result} PARENT_SCOPE)
  set(check_said "${said}${more}" PARENT_SCOPE)
endfunction()

house(honest "#include \"low/low.h\"\nint low() { return 1; }\n")
if(NOT built EQUAL 0 OR NOT checked EQUAL 0)
  message(FATAL_ERROR "an honest house stands:\n${build_said}${check_said}")
endif()

house(includes_up "#include \"low/low.h\"\n#include \"high/high.h\"\nint low() { return 1; }\n")
expect("an upward include is found" "${check_said}" "low does not use +high")
if(checked EQUAL 0)
  message(FATAL_ERROR "an upward include passes")
endif()

house(calls_up "#include \"low/low.h\"\nint high();\nint low() { return high(); }\n")
if(built EQUAL 0)
  message(FATAL_ERROR "an upward call links:\n${build_said}")
endif()
expect("an upward call does not link" "${build_said}" "undefined reference to .high")
