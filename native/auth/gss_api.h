// The functions of GSSAPI, resolved at run time, and its types, declared here: no header of a Kerberos package is
// needed. Sources: RFC 2744; MIT Kerberos, "GSSAPI extensions".
//
// Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace winwire::auth::gss {

using Uint32 = std::uint32_t;

// Apple's header packs the structures for Intel, and only there.
#if defined(__APPLE__) && defined(__x86_64__)
#pragma pack(push, 2)
#endif

struct OidDesc {
  Uint32 length;
  const void* elements;
};

struct OidSetDesc {
  std::size_t count;
  const OidDesc* elements;
};

struct BufferDesc {
  std::size_t length;
  void* value;
};

struct ChannelBindingsDesc {
  Uint32 initiator_addrtype;
  BufferDesc initiator_address;
  Uint32 acceptor_addrtype;
  BufferDesc acceptor_address;
  BufferDesc application_data;
};

#if defined(__APPLE__) && defined(__x86_64__)
#pragma pack(pop)
#endif

using Oid = const OidDesc*;
using OidSet = const OidSetDesc*;
using Name = struct NameDesc*;
using Credential = struct CredentialDesc*;
using ContextId = struct ContextDesc*;

// Status codes; the routine error is in bits 16 to 23. Source: RFC 2744 section 3.9.1.
inline constexpr Uint32 kComplete = 0;
inline constexpr Uint32 kContinueNeeded = 1;
constexpr Uint32 RoutineErrorOf(Uint32 major) { return (major >> 16) & 0xFF; }
constexpr bool IsError(Uint32 major) { return (major & 0xFFFF0000U) != 0; }
inline constexpr Uint32 kBadMech = 1;
inline constexpr Uint32 kBadBindings = 4;
inline constexpr Uint32 kBadMic = 6;
inline constexpr Uint32 kNoCred = 7;
inline constexpr Uint32 kDefectiveToken = 9;
inline constexpr Uint32 kCredentialsExpired = 11;
inline constexpr Uint32 kBadMechOfAcceptor = 16;

inline constexpr Uint32 kDelegFlag = 1;
inline constexpr Uint32 kMutualFlag = 2;
// The channel binding must match; known since MIT Kerberos 1.19, and ignored by older libraries.
inline constexpr Uint32 kChannelBoundFlag = 2048;

inline constexpr int kInitiate = 1;
inline constexpr int kAccept = 2;
inline constexpr int kGssCode = 1;
inline constexpr int kMechCode = 2;
inline constexpr Uint32 kIndefinite = 0xFFFFFFFF;

extern const OidDesc kSpnego;
extern const OidDesc kKerberos;
extern const OidDesc kNtlm;
extern const OidDesc kHostBasedService;
extern const OidDesc kUserName;
extern const OidDesc kPrincipalName;

bool AreEqual(const OidDesc& left, const OidDesc& right);

struct Api {
  Uint32 (*gss_acquire_cred)(Uint32*, Name, Uint32, OidSet, int, Credential*, OidSet*, Uint32*) = nullptr;
  Uint32 (*gss_acquire_cred_with_password)(Uint32*, Name, const BufferDesc*, Uint32, OidSet, int, Credential*, OidSet*,
                                           Uint32*) = nullptr;
  // Null where the library does not have it.
  Uint32 (*gss_set_neg_mechs)(Uint32*, Credential, OidSet) = nullptr;
  Uint32 (*gss_inquire_cred)(Uint32*, Credential, Name*, Uint32*, int*, OidSet*) = nullptr;
  Uint32 (*gss_release_cred)(Uint32*, Credential*) = nullptr;
  Uint32 (*gss_import_name)(Uint32*, const BufferDesc*, Oid, Name*) = nullptr;
  Uint32 (*gss_display_name)(Uint32*, Name, BufferDesc*, Oid*) = nullptr;
  Uint32 (*gss_release_name)(Uint32*, Name*) = nullptr;
  Uint32 (*gss_init_sec_context)(Uint32*, Credential, ContextId*, Name, Oid, Uint32, Uint32, const ChannelBindingsDesc*,
                                 const BufferDesc*, Oid*, BufferDesc*, Uint32*, Uint32*) = nullptr;
  Uint32 (*gss_delete_sec_context)(Uint32*, ContextId*, BufferDesc*) = nullptr;
  Uint32 (*gss_display_status)(Uint32*, Uint32, int, Oid, Uint32*, BufferDesc*) = nullptr;
  Uint32 (*gss_release_buffer)(Uint32*, BufferDesc*) = nullptr;
  Uint32 (*gss_indicate_mechs)(Uint32*, OidSet*) = nullptr;
  Uint32 (*gss_inquire_names_for_mech)(Uint32*, Oid, OidSet*) = nullptr;
  Uint32 (*gss_release_oid_set)(Uint32*, OidSet*) = nullptr;

  // The file from which the functions are.
  std::string file;
  // Why the functions are not available: the file and what is wrong with it; empty if they are.
  std::string reason;
};

// The library of this system: MIT Kerberos, or macOS' GSS.framework.
extern const char* const kLibrary;

// Loads a library for the life of the process.
Api LoadApi(const char* library);

}  // namespace winwire::auth::gss
