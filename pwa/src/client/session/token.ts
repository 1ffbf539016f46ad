/** How a command shows who sends it. */

/** An option of curl, in a shell: the token or API key that `PLOTKILN_TOKEN` holds. */
export const TOKEN_OPTION = '-H "Authorization: Bearer $PLOTKILN_TOKEN"';
