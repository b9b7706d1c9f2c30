#include "auth/gss_failure.h"

#include <algorithm>
#include <string>

#include "auth/gss_values.h"
#include "auth/security_status.h"

namespace winwire::auth::gss {
namespace {

// The error table krb5 of MIT Kerberos and Heimdal begins here; RFC 4120 section 7.5.9 has the first 128.
constexpr Uint32 kKrb5Base = 0U - 1765328384U;

struct KnownMinor {
  Uint32 offset;
  Reason reason;
};

constexpr KnownMinor kMinors[] = {
    {1, Reason::kRejected},          // KDC_ERR_NAME_EXP
    {6, Reason::kRejected},          // KDC_ERR_C_PRINCIPAL_UNKNOWN
    {7, Reason::kUnknownService},    // KDC_ERR_S_PRINCIPAL_UNKNOWN
    {18, Reason::kRejected},         // KDC_ERR_CLIENT_REVOKED
    {23, Reason::kPasswordExpired},  // KDC_ERR_KEY_EXPIRED
    {24, Reason::kRejected},         // KDC_ERR_PREAUTH_FAILED
    {31, Reason::kRejected},         // KRB_AP_ERR_BAD_INTEGRITY: the answer is encrypted with another password
    {32, Reason::kNoTicket},         // KRB_AP_ERR_TKT_EXPIRED
    {33, Reason::kClockSkew},        // KRB_AP_ERR_TKT_NYV
    {37, Reason::kClockSkew},        // KRB_AP_ERR_SKEW
    {40, Reason::kWrongToken},       // KRB_AP_ERR_MSG_TYPE
    {41, Reason::kWrongToken},       // KRB_AP_ERR_MODIFIED
    {46, Reason::kWrongToken},       // KRB_AP_ERR_MUT_FAIL
    {141, Reason::kNoTicket},        // KRB5_CC_NOTFOUND
    {154, Reason::kKdcUnreachable},  // KRB5_REALM_UNKNOWN
    {156, Reason::kKdcUnreachable},  // KRB5_KDC_UNREACH
    {195, Reason::kNoTicket},        // KRB5_FCC_NOFILE
    {220, Reason::kKdcUnreachable},  // KRB5_REALM_CANT_RESOLVE
};

struct KnownText {
  std::string_view part;
  Reason reason;
};

// Parts of the texts of MIT Kerberos and Heimdal, in lower case; the first that fits counts.
constexpr KnownText kTexts[] = {
    {"password has expired", Reason::kPasswordExpired},
    {"must be changed", Reason::kPasswordExpired},
    {"must change", Reason::kPasswordExpired},
    {"clock skew", Reason::kClockSkew},
    {"not yet valid", Reason::kClockSkew},
    {"client not found in kerberos database", Reason::kRejected},
    {"client '", Reason::kRejected},
    {"client unknown", Reason::kRejected},
    {"not found in kerberos database", Reason::kUnknownService},
    {"server unknown", Reason::kUnknownService},
    {"credentials have been revoked", Reason::kRejected},
    {"preauthentication failed", Reason::kRejected},
    {"decrypt integrity check failed", Reason::kRejected},
    {"password incorrect", Reason::kRejected},
    {"cannot contact any kdc", Reason::kKdcUnreachable},
    {"cannot find kdc", Reason::kKdcUnreachable},
    {"cannot resolve network address for kdc", Reason::kKdcUnreachable},
    {"unable to reach any kdc", Reason::kKdcUnreachable},
    {"ticket expired", Reason::kNoTicket},
    {"no kerberos credentials", Reason::kNoTicket},
    {"no credentials cache", Reason::kNoTicket},
    {"matching credential not found", Reason::kNoTicket},
    {"mutual authentication failed", Reason::kWrongToken},
};

Reason ReasonOfMinor(Uint32 minor) {
  const auto* const known = std::find_if(std::begin(kMinors), std::end(kMinors),
                                         [&](const KnownMinor& each) { return kKrb5Base + each.offset == minor; });
  return known == std::end(kMinors) ? Reason::kOther : known->reason;
}

Reason ReasonOfText(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  const auto* const known = std::find_if(std::begin(kTexts), std::end(kTexts), [&](const KnownText& each) {
    return lower.find(each.part) != std::string::npos;
  });
  return known == std::end(kTexts) ? Reason::kOther : known->reason;
}

Reason ReasonOfMajor(Uint32 major) {
  switch (RoutineErrorOf(major)) {
    case kBadMech:
      return Reason::kNoMechanism;
    case kNoCred:
    case kCredentialsExpired:
      return Reason::kNoTicket;
    case kBadBindings:
    case kBadMic:
    case kDefectiveToken:
      return Reason::kWrongToken;
    default:
      return Reason::kOther;
  }
}

// All messages of one status, each once.
void AppendText(const Api& api, Uint32 status, int type, Oid mechanism, std::string& text) {
  constexpr int kMostMessages = 8;
  Uint32 more = 0;
  for (int i = 0; i < kMostMessages; ++i) {
    Uint32 minor = 0;
    OwnedBuffer message(api);
    if (IsError(api.gss_display_status(&minor, status, type, mechanism, &more, message.out()))) return;
    if (text.find(message.view()) == std::string::npos) {
      if (!text.empty()) text += ": ";
      text += message.view();
    }
    if (more == 0) return;
  }
}

}  // namespace

Reason ReasonOf(GssStatus status, std::string_view text) {
  if (const Reason reason = ReasonOfMinor(status.minor); reason != Reason::kOther) return reason;
  if (const Reason reason = ReasonOfText(text); reason != Reason::kOther) return reason;
  return ReasonOfMajor(status.major);
}

Failure FailureOf(const Api& api, const char* syscall, GssStatus status, Oid mechanism) {
  std::string text;
  AppendText(api, status.major, kGssCode, nullptr, text);
  if (status.minor != 0) AppendText(api, status.minor, kMechCode, mechanism, text);
  const Reason reason = ReasonOf(status, text);
  return {reason, StatusOf(reason), syscall, std::move(text), status};
}

}  // namespace winwire::auth::gss
