#include "auth/gss_api.h"

#include <dlfcn.h>

#include <cstring>

namespace winwire::auth::gss {
namespace {

template <std::size_t kSize>
constexpr OidDesc OidOf(const char (&bytes)[kSize]) {
  return {kSize - 1, bytes};
}

}  // namespace

// RFC 4178, RFC 4121, [MS-NLMP] section 1.9; RFC 2743 section 4.1, RFC 2744 appendix A, RFC 1964 section 2.1.1.
constexpr OidDesc kSpnego = OidOf("\x2b\x06\x01\x05\x05\x02");
constexpr OidDesc kKerberos = OidOf("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");
constexpr OidDesc kNtlm = OidOf("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");
constexpr OidDesc kHostBasedService = OidOf("\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04");
constexpr OidDesc kUserName = OidOf("\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x01");
constexpr OidDesc kPrincipalName = OidOf("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01");

bool AreEqual(const OidDesc& left, const OidDesc& right) {
  return left.length == right.length && std::memcmp(left.elements, right.elements, left.length) == 0;
}

#ifdef __APPLE__
const char* const kLibrary = "/System/Library/Frameworks/GSS.framework/GSS";
#else
const char* const kLibrary = "libgssapi_krb5.so.2";
#endif

namespace {

template <typename Function>
bool FindEntry(void* library, const char* name, Function& function) {
  void* const address = ::dlsym(library, name);
  static_assert(sizeof(address) == sizeof(function));
  std::memcpy(static_cast<void*>(&function), static_cast<const void*>(&address), sizeof(function));
  return address != nullptr;
}

// Returns null if all exist, else the name of the first missing one.
const char* FillTable(void* library, Api& api) {
#define WINWIRE_FIND_ENTRY(name) \
  if (!FindEntry(library, #name, api.name)) return #name
  WINWIRE_FIND_ENTRY(gss_acquire_cred);
  WINWIRE_FIND_ENTRY(gss_acquire_cred_with_password);
  WINWIRE_FIND_ENTRY(gss_inquire_cred);
  WINWIRE_FIND_ENTRY(gss_release_cred);
  WINWIRE_FIND_ENTRY(gss_import_name);
  WINWIRE_FIND_ENTRY(gss_display_name);
  WINWIRE_FIND_ENTRY(gss_release_name);
  WINWIRE_FIND_ENTRY(gss_init_sec_context);
  WINWIRE_FIND_ENTRY(gss_delete_sec_context);
  WINWIRE_FIND_ENTRY(gss_display_status);
  WINWIRE_FIND_ENTRY(gss_release_buffer);
  WINWIRE_FIND_ENTRY(gss_indicate_mechs);
  WINWIRE_FIND_ENTRY(gss_inquire_names_for_mech);
  WINWIRE_FIND_ENTRY(gss_release_oid_set);
#undef WINWIRE_FIND_ENTRY
  FindEntry(library, "gss_set_neg_mechs", api.gss_set_neg_mechs);
  return nullptr;
}

std::string FileOf(const void* address, const char* library) {
  Dl_info module = {};
  return ::dladdr(address, &module) != 0 && module.dli_fname != nullptr ? module.dli_fname : library;
}

}  // namespace

Api LoadApi(const char* library) {
  Api api;
  api.file = library;
  void* const module = ::dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (module == nullptr) {
    const char* const error = ::dlerror();
    api.reason = std::string(library) + ": dlopen failed: " + (error == nullptr ? "no reason is known" : error);
    return api;
  }
  if (const char* missing = FillTable(module, api); missing != nullptr) {
    api.reason = std::string(library) + ": function " + missing + " not found";
    return api;
  }
  api.file = FileOf(::dlsym(module, "gss_init_sec_context"), library);
  return api;
}

}  // namespace winwire::auth::gss
