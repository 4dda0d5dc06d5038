/**
 * Checkpoint directories of Orbax: the choice of step and item, the tree's structure, and the values of its leaves. Arrays
 * are read when their elements are asked for.
 */
package io.portolan.checkpoints.orbax;
