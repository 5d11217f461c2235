# Everything from outside, each as one target; included as system headers so that only our own code must be warning-free.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Bullet REQUIRED)
find_package(Recast REQUIRED)

add_library(medal_flags INTERFACE)
target_compile_options(medal_flags INTERFACE -Wall -Wextra -Wconversion $<$<BOOL:${MEDAL_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(medal_flags INTERFACE -Wno-restrict)  # wrong about std::string, GCC bug 105651
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(medal_flags INTERFACE -Wno-array-bounds)  # wrong about copies of vectors in LibTorch 2's apply()
endif()

add_library(medal_json INTERFACE)
target_link_libraries(medal_json INTERFACE nlohmann_json::nlohmann_json)

# Debian's default Bullet is single precision; never define BT_USE_DOUBLE_PRECISION with it.
add_library(medal_bullet INTERFACE)
target_include_directories(medal_bullet SYSTEM INTERFACE ${BULLET_INCLUDE_DIRS})
target_link_libraries(medal_bullet INTERFACE ${BULLET_LIBRARIES})

find_path(STB_INCLUDE_DIR stb_perlin.h PATH_SUFFIXES stb REQUIRED)
find_library(STB_LIBRARY NAMES libstb.a stb REQUIRED)
add_library(medal_stb INTERFACE)
target_include_directories(medal_stb SYSTEM INTERFACE ${STB_INCLUDE_DIR})
target_link_libraries(medal_stb INTERFACE ${STB_LIBRARY})

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(medal_xxhash INTERFACE)
target_include_directories(medal_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(medal_xxhash INTERFACE ${XXHASH_LIBRARY})

pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

if(MEDAL_WITH_LEARNING)
  find_package(Torch REQUIRED)
  add_library(medal_torch INTERFACE)
  target_include_directories(medal_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(medal_torch INTERFACE ${TORCH_LIBRARIES})
  # PyTorch's own packages bring the headers of a newer fmt, but no library: they hide the system's.
  if(NOT TORCH_INSTALL_PREFIX STREQUAL "/usr" AND EXISTS ${TORCH_INSTALL_PREFIX}/include/fmt/format.h)
    target_compile_definitions(medal_torch INTERFACE FMT_HEADER_ONLY)
  endif()
  # Only the Gloo that this LibTorch was built with will do: its headers lie beside LibTorch's. PyTorch's own packages hide
  # theirs; then ranks must be on one machine.
  find_path(GLOO_INCLUDE_DIR gloo/transport/device.h PATHS ${TORCH_INSTALL_PREFIX}/include NO_DEFAULT_PATH)
  find_library(GLOO_LIBRARY gloo HINTS ${TORCH_INSTALL_PREFIX}/lib)
  if(GLOO_INCLUDE_DIR AND GLOO_LIBRARY)
    set(MEDAL_WITH_GLOO ON)
    target_link_libraries(medal_torch INTERFACE ${GLOO_LIBRARY})
  else()
    message(STATUS "Gloo is left out: ranks must be on one machine")
  endif()
  find_package(CLI11 REQUIRED)
  find_package(tomlplusplus REQUIRED)
  find_package(fmt REQUIRED)
  find_package(Boost REQUIRED)
endif()
