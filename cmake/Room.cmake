# A room is a folder with one idea and one library target of its own: sim/lidar is medal_sim_lidar.
#
#   medal_room(USES sim/task sim/base PUBLIC Eigen3::Eigen PRIVATE medal::bullet FLAGS -O3)
#
# USES names the rooms below that it may include and call; whoever uses this room may use those too. PUBLIC names
# libraries from outside that its headers need, PRIVATE those that only its sources need. SOURCES adds generated files.
# UNITY n compiles n sources as one, where reading their headers takes longer than they do; for tests too.
# Nothing is listed by hand: all *.cpp and *.h of the folder belong to the room. The test `layers` holds every
# include against these lines, the preset `layers` every call; tests/packaging/walls.cmake shows that both notice.
function(medal_room)
  cmake_parse_arguments(room "" "UNITY" "USES;PUBLIC;PRIVATE;FLAGS;SOURCES;DEFINITIONS" ${ARGN})
  medal_room_name(${CMAKE_CURRENT_SOURCE_DIR} path target)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  add_library(${target} ${sources} ${room_SOURCES} ${headers})
  string(REGEX REPLACE "^medal_" "" exported ${target})
  add_library(medal::${exported} ALIAS ${target})
  medal_own_code(${target})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/medal>)
  target_compile_options(${target} PRIVATE ${room_FLAGS})
  target_compile_definitions(${target} PRIVATE ${room_DEFINITIONS})
  list(TRANSFORM room_USES REPLACE "/" "_")
  list(TRANSFORM room_USES PREPEND medal_)
  target_link_libraries(${target} PUBLIC ${room_USES} ${room_PUBLIC} PRIVATE ${room_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY MEDAL_ROOMS ${target})
  medal_unity(${target} "${room_UNITY}")
  set_target_properties(${target} PROPERTIES MEDAL_PATH ${path} EXPORT_NAME ${exported} DEFINE_SYMBOL ""
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} INSTALL_RPATH $ORIGIN)
endfunction()

# The tests of a room lie in tests/ROOM and are one program, which links that room alone: medal_room_tests(). What a
# test needs besides is said: ALSO sim/generation, PRIVATE medal::bullet.
function(medal_room_tests)
  cmake_parse_arguments(tests "" "UNITY" "ALSO;PRIVATE;NEEDS" ${ARGN})
  file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE / _ name ${path})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  add_executable(test_${name} ${sources})
  medal_own_code(test_${name})
  list(TRANSFORM tests_ALSO REPLACE "/" "_")
  list(TRANSFORM tests_ALSO PREPEND medal_)
  set(rooms ${tests_ALSO})
  if(TARGET medal_${name})
    list(PREPEND rooms medal_${name})
  endif()
  target_link_libraries(test_${name} PRIVATE ${rooms} medal_tests_support ${tests_PRIVATE})
  set_target_properties(test_${name} PROPERTIES MEDAL_PATH tests/${path})
  medal_unity(test_${name} "${tests_UNITY}")
  set_property(GLOBAL APPEND PROPERTY MEDAL_ROOMS test_${name})
  if(tests_NEEDS)
    add_dependencies(test_${name} ${tests_NEEDS})
  endif()
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "OMP_NUM_THREADS=1;OPENBLAS_NUM_THREADS=1")
endfunction()

# Compiles `size` sources of a target as one; each on its own where no size is given. Unlike CMake's own units, these
# include by paths below the project, so that the compiler cache serves other clones too.
function(medal_unity target size)
  if(NOT size)
    return()
  endif()
  get_target_property(all ${target} SOURCES)
  set(sources "")
  foreach(source IN LISTS all)
    get_source_file_property(left_out ${source} HEADER_FILE_ONLY)
    cmake_path(IS_PREFIX PROJECT_BINARY_DIR ${source} generated)
    if(source MATCHES "^/.*\\.cpp$" AND NOT generated AND NOT left_out)
      list(APPEND sources ${source})
    endif()
  endforeach()
  set(unit 0)
  while(sources)
    set(includes "")
    foreach(place RANGE 1 ${size})
      list(POP_FRONT sources source)
      if(source)
        file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${source})
        string(APPEND includes "#include \"${path}\"\n")
        set_source_files_properties(${source} PROPERTIES HEADER_FILE_ONLY ON)
      endif()
    endforeach()
    set(file ${CMAKE_CURRENT_BINARY_DIR}/unit_${target}_${unit}.cpp)
    file(CONFIGURE OUTPUT ${file} CONTENT "${includes}")
    target_sources(${target} PRIVATE ${file})
    math(EXPR unit "${unit} + 1")
  endwhile()
  # Takes a source for a header, since another file includes it.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# Name of the room in a folder.
function(medal_room_name folder path target)
  file(RELATIVE_PATH relative ${PROJECT_SOURCE_DIR} ${folder})
  string(REPLACE / _ name ${relative})
  set(${path} ${relative} PARENT_SCOPE)
  set(${target} medal_${name} PARENT_SCOPE)
endfunction()

# What all our own code is compiled with: warnings, errors of them where a preset of ours asks for it, and the same sums
# everywhere, without contraction (only kernels that say so contract). Position independent, for shared libraries.
function(medal_own_code target)
  target_compile_options(${target} PRIVATE -ffp-contract=off -Wall -Wextra -Wconversion
                         $<$<BOOL:${MEDAL_WERROR}>:-Werror>)
  if(MEDAL_SANITIZE)
    medal_room_name(${CMAKE_CURRENT_SOURCE_DIR} room ignored)
    if(room MATCHES "${MEDAL_SANITIZE_ROOMS}")
      target_compile_options(${target} PRIVATE -fsanitize=${MEDAL_SANITIZE} -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
      if(MEDAL_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize-coverage=trace-pc,trace-cmp)
      endif()
      if(MEDAL_SANITIZE_ROOMS)
        # The other rooms are those of a release build, from the compiler cache. What sanitizers make of code that is
        # optimised as much takes long to compile, and warns of what is not there.
        target_compile_options(${target} PRIVATE -O1 -g1 -Wno-error)
      endif()
    endif()
    target_link_options(${target} PUBLIC -fsanitize=${MEDAL_SANITIZE})
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)  # wrong about std::string, GCC bug 105651
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE -Wno-unknown-pragmas)  # GCC's ivdep in the kernels
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-array-bounds)  # wrong about copies of vectors in LibTorch 2's apply()
  endif()
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
endfunction()

# Writes what tests/layers reads: a line for each room, with what it uses.
function(medal_write_rooms file)
  get_property(targets GLOBAL PROPERTY MEDAL_ROOMS)
  set(text "")
  foreach(target IN LISTS targets)
    get_target_property(path ${target} MEDAL_PATH)
    get_target_property(links ${target} LINK_LIBRARIES)
    string(REPLACE ";" " " links "${links}")
    string(APPEND text "${path} ${target}: ${links}\n")
  endforeach()
  file(WRITE ${file} "${text}")
endfunction()
