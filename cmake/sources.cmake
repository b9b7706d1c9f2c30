# Reads native/sources.json, which binding.gyp reads too.
set(winwire_sources_file ${PROJECT_SOURCE_DIR}/native/sources.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${winwire_sources_file})
file(READ ${winwire_sources_file} winwire_sources_json)

# winwire_sources(VARIABLE LIST...): the files of these lists, as absolute paths.
function(winwire_sources variable)
  set(files)
  foreach(list IN LISTS ARGN)
    string(JSON count LENGTH ${winwire_sources_json} ${list})
    if(count EQUAL 0)
      continue()
    endif()
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON file GET ${winwire_sources_json} ${list} ${index})
      list(APPEND files ${PROJECT_SOURCE_DIR}/${file})
    endforeach()
  endforeach()
  set(${variable} ${files} PARENT_SCOPE)
endfunction()

# winwire_objects(NAME LIST...): these lists compiled once, for several targets.
function(winwire_objects name)
  winwire_sources(files ${ARGN})
  add_library(${name} OBJECT ${files})
endfunction()

# winwire_dll(NAME LIST...): NAME.dll of these lists.
function(winwire_dll name)
  winwire_sources(files ${ARGN})
  add_library(${name} SHARED ${files})
  set_target_properties(${name} PROPERTIES PREFIX "")
endfunction()
