/** The version of package.json, as a constant: a bundle has no package.json to read. `npm run lint` compares them. */
export const VERSION = '0.1.0';
