/** Replaces secrets by {@link HIDDEN} in logs and files. */

/** The replacement for a secret. */
export const HIDDEN = '***';

const SECRET_HEADER = /authorization|authentication-info|cookie|token|secret|password|credential|session|api-?key/i;
const SECRET_FIELD =
  /token|secret|passw|passphrase|pwd|api[-_]?key|access[-_]?key|auth(?!or)|signature|session|credential|jwt|^(sig|sid|key|code|pass|pin)$/i;
/** The user information of a URL, up to the last `@` of the authority (WHATWG URL, authority state). */
const USER_INFORMATION = /((?:https?|wss?):[/\\]*|:[/\\]{2})[^/\\?#\s]*@/gi;
const QUERY_FIELD = /([?&;#])([^?&;#=\s]+)=([^&;#\s]*)/g;

/** Returns whether the value of this header is a secret. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/** Whether the value of this field of a query, form or JSON object is a secret. */
function isSecretField(name: string): boolean {
  return SECRET_FIELD.test(decoded(name));
}

/** Redacts user information and secret query fields of each URL in a text. */
export function redactUrls(text: string): string {
  return text
    .replace(USER_INFORMATION, `$1${HIDDEN}@`)
    .replace(QUERY_FIELD, (field, mark, name) => (isSecretField(name) ? `${mark}${name}=${HIDDEN}` : field));
}

// RFC 4559 section 4.1 and [MS-NTHT]: the peer's part of an authentication.
const AUTHENTICATE = /^(?:www|proxy)-authenticate$/i;
const TOKEN = /\b(Negotiate|Kerberos|NTLM)[ \t]+[\w\-.~+/]+=*/gi;

/** Redacts the value of a header; the challenges of a server keep their schemes. */
export function redactHeader(name: string, value: string): string {
  if (AUTHENTICATE.test(name)) return redactUrls(value).replace(TOKEN, `$1 ${HIDDEN}`);
  return isSecretHeader(name) ? HIDDEN : redactUrls(value);
}

/** Redacts the text of a body: secret fields of forms and JSON, whatever the media type, and URLs in other text. */
export function redactBody(text: string, mediaType: string): string {
  if (/^application\/x-www-form-urlencoded\b/i.test(mediaType)) return redactUrls(`?${text}`).slice(1);
  if (!/^\s*[[{]/.test(text)) return redactUrls(text);
  let isChanged = false;
  const reviver = (name: string, value: unknown) => {
    const shown =
      value !== null && isSecretField(name) ? HIDDEN : typeof value === 'string' ? redactUrls(value) : value;
    isChanged ||= shown !== value;
    return shown;
  };
  try {
    const value: unknown = JSON.parse(text, reviver);
    // Without secrets the text stays as it was written.
    return isChanged ? JSON.stringify(value) : redactUrls(text);
  } catch {
    return redactUrls(text);
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
