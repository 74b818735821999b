/** A mistake of the user, or a state of things: one line, no stack. */
export class Complaint extends Error {}
