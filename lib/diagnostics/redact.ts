/** Replaces secrets in what is shown or written to a file by {@link HIDDEN}. */

/** What is put in the place of a secret. */
export const HIDDEN = '***';

const SECRET_HEADER = /authorization|cookie|token|secret|password|credential|session|api-?key/i;
const SECRET_FIELD =
  /token|secret|passw|passphrase|pwd|api[-_]?key|access[-_]?key|auth(?!or)|signature|session|credential|jwt|^(sig|sid|key|code|pass|pin)$/i;
/** The user information of a URL, which ends at the last `@` of the authority (WHATWG URL, authority state). */
const USER_INFORMATION = /((?:https?|wss?):[/\\]*|:[/\\]{2})[^/\\?#\s]*@/gi;
const QUERY_FIELD = /([?&;#])([^?&;#=\s]+)=([^&;#\s]*)/g;

/** Whether the value of a header with this name is a secret. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/** Whether the value of a field (of a query, a form, a JSON object) with this name is one. */
function isSecretField(name: string): boolean {
  return SECRET_FIELD.test(decoded(name));
}

/** A URL, or a text that holds some, without user information and without the values of secret query fields. */
export function redactUrls(text: string): string {
  return text
    .replace(USER_INFORMATION, `$1${HIDDEN}@`)
    .replace(QUERY_FIELD, (field, mark, name) => (isSecretField(name) ? `${mark}${name}=${HIDDEN}` : field));
}

/** The value of a header. */
export function redactHeader(name: string, value: string): string {
  return isSecretHeader(name) ? HIDDEN : redactUrls(value);
}

/** The text of a body: fields of forms and of JSON, whatever its media type, are known; in another text only URLs are. */
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
    // As it was written, if there is nothing to hide.
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
