/**
 * Values by key, read when they are asked for: the files of a folder on disk, and what other packages make of them. A
 * key never leads out of its store.
 */
package io.portolan.checkpoints.stores;
