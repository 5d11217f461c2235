# What the scripts beside this one share. They are given BUILD (where this project was built), SOURCE, WORK (a folder of
# their own), COMPONENTS, GENERATOR, COMPILER, CCACHE, TYPE (of build) and WERROR.
cmake_policy(VERSION 3.22)
string(REPLACE "," ";" components ${COMPONENTS})
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

# step(OUTPUT "what for" command...): runs it and stops unless it succeeds.
function(step output purpose)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text ERROR_VARIABLE text RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${purpose}: ${failed}\n${text}")
  endif()
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

# Another project: its folder, where it is built, and options.
function(build source folder)
  configure("configuring ${source}" ${source} ${folder} ${ARGN})
  step(ignored "building ${source}" ${CMAKE_COMMAND} --build ${folder})
endfunction()
macro(configure purpose source folder)
  step(configured "${purpose}" ${CMAKE_COMMAND} -S ${source} -B ${folder} -G ${GENERATOR}
       -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${CCACHE} ${ARGN})
endmacro()

# expect("what for" TEXT PATTERN)
function(expect purpose text pattern)
  if(NOT text MATCHES "${pattern}")
    message(FATAL_ERROR "${purpose}: '${pattern}' is not in\n${text}")
  endif()
  message(STATUS "${purpose}")
endfunction()
