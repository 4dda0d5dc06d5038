/**
 * Passes: rewrites of the graph between import and writing, each small and named, in one ordered list,
 * {@link io.portolan.converter.PassPipeline#standard()}. Every pass works on any graph and preserves its results and the names
 * of its inputs and outputs. This package has the passes of every export; passes for a form of Fourier transforms, a weight type
 * or one runtime have packages of their own.
 */
package io.portolan.converter.passes;
