/**
 * A generator of Pathfinder images: two long curves, discs on two of their ends, and the question whether a curve joins
 * the discs. The same options, seed and index give the same pixels on every machine.
 */
package io.portolan.graphs.data.pathfinder;
