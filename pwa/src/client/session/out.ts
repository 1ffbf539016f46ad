/** Whether nobody was signed in when the server was last asked: this browser remembers it. */

export const OUT = "plotkiln.signed-out";
