# Debian ships Recast and Detour without a CMake config. Defines Recast::Recast (both libraries).
find_path(Recast_INCLUDE_DIR Recast.h PATH_SUFFIXES recastnavigation)
find_library(Recast_LIBRARY Recast)
find_library(Detour_LIBRARY Detour)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Recast DEFAULT_MSG Recast_LIBRARY Detour_LIBRARY Recast_INCLUDE_DIR)
if(Recast_FOUND AND NOT TARGET Recast::Recast)
  add_library(Recast::Recast INTERFACE IMPORTED)
  set_target_properties(Recast::Recast PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${Recast_INCLUDE_DIR}"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${Recast_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${Detour_LIBRARY};${Recast_LIBRARY}")
endif()
