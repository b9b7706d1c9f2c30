/** HTTP tokens: methods, header names, sub-protocols. */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Returns whether a string is a token (RFC 9110 section 5.6.2). */
export const isToken = (text: string): boolean => TOKEN.test(text);
