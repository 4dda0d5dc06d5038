package io.portolan.checkpoints.pickle;

/** What stands on the stack for a value that instructions complete later. */
interface PendingValue {
    /** The value: an array, or for an array of objects its elements in lists, or the only one. */
    Object finished() throws Malformed;
}
